variable "migration_link" {
  description = "The link that the dashboard shows under \"Prepare a migration\". One host redeems it, until it expires."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^tkm1\\.[A-Za-z0-9_-]{50,}\\.[A-Za-z0-9_-]{80,}$", var.migration_link))
    error_message = "That is not a migration link, or not the whole of it: it begins with tkm1."
  }
}

variable "worker_url" {
  description = "Where talekeeper-worker.mjs, the worker's single file, is fetched from."
  type        = string

  validation {
    condition     = can(regex("^https://[^\\s\"'$`\\\\]+$", var.worker_url))
    error_message = "Give an https:// address."
  }
}

variable "worker_sha256" {
  description = "SHA-256 of that file: sha256sum dist/talekeeper-worker.mjs"
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.worker_sha256))
    error_message = "A SHA-256 has 64 hexadecimal digits."
  }
}

variable "source_roots" {
  description = "Folders of the host that the worker may restore and back up, with all that lies below."
  type        = list(string)

  validation {
    condition     = length(var.source_roots) > 0 && alltrue([for path in var.source_roots : startswith(path, "/")])
    error_message = "Give absolute paths, at least one."
  }
}

variable "mongodb" {
  description = "Whether the worker may dump and restore MongoDB."
  type        = bool
  default     = true
}

variable "backends" {
  description = "Kinds of remotes that the worker may use, as rclone calls them."
  type        = list(string)
  default     = ["box", "drive", "dropbox", "onedrive", "s3", "b2", "sftp", "webdav"]
}

variable "packages" {
  description = "What the worker needs, as the image's package manager calls it. Node 20.19 or newer: Debian 13 has it."
  type        = list(string)
  default     = ["nodejs", "rclone", "tar", "zstd", "curl"]
}
