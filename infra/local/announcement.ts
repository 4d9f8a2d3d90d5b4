import { join } from 'node:path';
import type { LocalSettings } from './settings.ts';

/** What stands on the terminal once everything is up: where it is, and a first call to try. */
export function announcement(settings: LocalSettings, temporalIsOurs: boolean, token: string): string {
  const url = apiUrl(settings);
  const temporalUi = temporalIsOurs ? `http://127.0.0.1:${settings.ports.temporalUi}` : 'that of the Temporal server you named';
  return `
Catalyst Index is up.

  API               ${url}
  API reference     ${url}/docs
  Temporal Web UI   ${temporalUi}
  State, logs       ${settings.stateDirectory}, ${join(settings.stateDirectory, 'logs')}
  Token             ${token}
                    (tenant "demo", 30 days; also in ${join(settings.stateDirectory, 'connection.json')})

Try it:

  curl -s ${url}/v1/search -H 'content-type: application/json' \\
    -H "authorization: Bearer $(node -p "require('${join(settings.stateDirectory, 'connection.json')}').token")" \\
    -d '{"query": "refund after a delay"}'

  npx catalyst ingest README.md
  npm run doctor

Ctrl-C stops everything; all data stays.
`;
}

export function apiUrl(settings: LocalSettings): string {
  return `http://127.0.0.1:${settings.ports.api}`;
}
