# User data for a fresh host of any provider: it becomes a Talekeeper worker by a migration link, and restores.
#
#   module "talekeeper" {
#     source         = "./talekeeper/deploy/terraform"
#     migration_link = var.migration_link
#     worker_url     = "https://downloads.example.org/talekeeper-worker.mjs"
#     worker_sha256  = "…"
#     source_roots   = ["/mnt/homes"]
#   }
#
#   resource "openstack_compute_instance_v2" "fileserver" {
#     user_data = module.talekeeper.user_data
#     …
#   }
#
# The link stands in the state of Terraform and in the host's user data: make it valid for hours, not days.

terraform {
  required_version = ">= 1.5"
}

locals {
  cloud_init = "${path.module}/../cloud-init"

  policy = {
    version          = 1
    sourceRoots      = var.source_roots
    restoreRoots     = ["/var/lib/talekeeper-worker/scratch"]
    localRemoteRoots = []
    backends         = var.backends
    mongodb          = var.mongodb
    inPlaceRestore   = true
  }

  files = [
    { path = "/etc/talekeeper/migration-link", permissions = "0600", content = "${var.migration_link}\n" },
    {
      path        = "/etc/talekeeper/first-boot.env"
      permissions = "0600"
      content     = "WORKER_URL='${var.worker_url}'\nWORKER_SHA256='${var.worker_sha256}'\n"
    },
    { path = "/etc/talekeeper/policy.json", permissions = "0644", content = "${jsonencode(local.policy)}\n" },
    { path = "/usr/local/sbin/talekeeper-first-boot", permissions = "0755", content = file("${local.cloud_init}/first-boot.sh") },
    {
      path        = "/etc/systemd/system/talekeeper-first-boot.service"
      permissions = "0644"
      content     = file("${local.cloud_init}/talekeeper-first-boot.service")
    },
    {
      path        = "/etc/systemd/system/talekeeper-worker.service"
      permissions = "0644"
      content     = file("${path.module}/../systemd/talekeeper-worker.service")
    },
  ]

  user_data = {
    package_update = true
    packages       = var.packages
    write_files    = [for one in local.files : merge(one, { owner = "root:root" })]
    runcmd = [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "talekeeper-first-boot.service"],
      ["systemctl", "start", "--no-block", "talekeeper-first-boot.service"],
    ]
  }
}
