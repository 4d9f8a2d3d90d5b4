import { codeText, markdownTable } from './markdown.ts';

/** Read by @temporalio/envconfig, not by the product's own schema: these names are Temporal's. */
const variables: readonly (readonly [name: string, meaning: string])[] = [
  ['TEMPORAL_ADDRESS', 'HOST:PORT of the server; for Temporal Cloud NAMESPACE.ACCOUNT.tmprl.cloud:7233, or the regional endpoint with an API key.'],
  ['TEMPORAL_NAMESPACE', 'Namespace; "default" without it.'],
  ['TEMPORAL_API_KEY', 'API key of Temporal Cloud; switches TLS on.'],
  ['TEMPORAL_TLS', 'true or false: TLS without a client certificate.'],
  ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'Client certificate for mTLS (or TEMPORAL_TLS_CLIENT_CERT_DATA).'],
  ['TEMPORAL_TLS_CLIENT_KEY_PATH', 'Its private key (or TEMPORAL_TLS_CLIENT_KEY_DATA).'],
  ['TEMPORAL_TLS_SERVER_CA_CERT_PATH', 'Authority that signed the server’s certificate (or TEMPORAL_TLS_SERVER_CA_CERT_DATA).'],
  ['TEMPORAL_TLS_SERVER_NAME', 'Name that the server’s certificate must bear.'],
  ['TEMPORAL_CONFIG_FILE', 'TOML file with profiles, instead of or beneath these variables.'],
  ['TEMPORAL_PROFILE', 'Profile of that file.'],
];

export const temporalPart = [
  '### Temporal',
  'The connection to Temporal follows Temporal’s own conventions (`@temporalio/envconfig`), the same for a plain server and for Temporal Cloud.',
  markdownTable(['Variable', 'What it says'], variables.map(([name, meaning]) => [codeText(name), meaning])),
].join('\n\n');
