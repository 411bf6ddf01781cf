output "user_data" {
  description = "For the user data of a fresh host, as cloud-init takes it."
  value       = "#cloud-config\n${yamlencode(local.user_data)}"
  sensitive   = true
}
