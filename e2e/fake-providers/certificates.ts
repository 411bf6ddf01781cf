import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Certificates = {
  /** PEM file of a certificate authority that signs for nobody else, and whose key is gone */
  caFile: string
  key: string
  certificate: string
  /** SHA-256 of the server's public key in base64, for Chromium's --ignore-certificate-errors-spki-list */
  publicKeyHash: string
}

const days = '3650'

/** A throw-away certificate authority, and one server certificate for all `names`; found again in `folder` when made before. */
export function makeCertificates(folder: string, names: readonly string[]): Certificates {
  const file = (name: string) => join(folder, name)
  const extension = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`
  const isMade =
    existsSync(file('server.pem')) &&
    existsSync(file('names.txt')) &&
    readFileSync(file('names.txt'), 'utf8') === extension
  if (!isMade) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const subject = (name: string) => ['-subj', `/CN=${name}`]
    openssl(
      'req',
      '-x509',
      ...key,
      '-days',
      days,
      ...subject('Talekeeper test CA'),
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.pem'),
    )
    openssl('req', ...key, ...subject('fake providers'), '-keyout', file('server.key'), '-out', file('server.csr'))
    writeFileSync(file('names.txt'), extension)
    const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', days]
    openssl(
      'x509',
      '-req',
      '-in',
      file('server.csr'),
      ...signed,
      '-extfile',
      file('names.txt'),
      '-out',
      file('server.pem'),
    )
    for (const name of ['ca.key', 'ca.srl', 'server.csr']) rmSync(file(name), { force: true })
  }
  const certificate = readFileSync(file('server.pem'), 'utf8')
  const publicKey = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  return {
    caFile: file('ca.pem'),
    key: readFileSync(file('server.key'), 'utf8'),
    certificate,
    publicKeyHash: createHash('sha256').update(publicKey).digest('base64'),
  }
}

function openssl(...words: string[]): void {
  execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}
