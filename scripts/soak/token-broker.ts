import { createServer } from 'node:http'
import { readCredentials } from '@/app/api/broker/token/read-credentials'
import { answerTokenRequest } from '@/core/connections/answer-token-request'
import { Problem, toProblemFacts } from '@/protocol/problem'

/** The token broker alone in a process of its own, to be killed: what web's route does, with a turn that ends sooner. */
const port = Number(process.argv[2])
const times = { turnSeconds: 0.4, requestSeconds: 2, pauseSeconds: 0.05, waitSeconds: 10 }

const server = createServer(async (request, response) => {
  request.resume()
  const credentials = readCredentials(request.headers.authorization ?? null, new URLSearchParams())
  const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body))
  try {
    if (!credentials) throw new Problem({ code: 'invalid-lease', text: 'no credentials' })
    answer(200, await answerTokenRequest(credentials, times))
  } catch (error) {
    const { code, text } = toProblemFacts(error)
    const isFinal = error instanceof Problem && code !== 'provider-away'
    answer(isFinal ? 400 : 503, { error: code, error_description: text })
  }
})
server.listen(port, '127.0.0.1', () => console.log('listening'))
