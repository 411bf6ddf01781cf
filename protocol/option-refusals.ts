/** Why an option of rclone is not passed on, in words that end a sentence: “key_file reads a file of the worker’s host”. */
const reasons: [RegExp, string][] = [
  [
    /_command$|^ssh$|^metadata_mapper$|^use_az$|^shell_type$|^subsystem$|^set_env$|^command$/,
    'runs a program, on the worker’s host or the server',
  ],
  [/^(?:unix_socket|socks_proxy|http_proxy)$/, 'leads the connection elsewhere'],
  [
    /(?:_file|_path|_ccache)$|^(?:config_profile|profile|hash_type_file)$/,
    'reads or writes a file of the worker’s host',
  ],
  [
    /^(?:env_auth|use_msi|msi_.*|use_emulator|key_use_agent|use_kerberos|service_principal_name|data_transfer_protection|instance_principal)$/,
    'signs in as the worker’s host, with what lies in its environment',
  ],
  [/^ask_password$/, 'asks a person, and nobody is there at night'],
  [
    /^(?:token|token_expiry|refresh_token|auth_url|token_url|client_id|client_secret|client_credentials|access_token|box_sub_type)$/,
    'belongs to a sign-in by OAuth, which a connection keeps',
  ],
  [
    /^(?:versions|version_at|version_deleted|trashed_only|starred_only|shared_with_me|shared_files|read_only)$/,
    'shows other files than those that lie there',
  ],
]

export function refusalReason(option: string): string {
  return reasons.find(([pattern]) => pattern.test(option))?.[1] ?? 'is not known to Talekeeper for this kind of remote'
}
