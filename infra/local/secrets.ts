import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writePrivateFile } from './privateFile.ts';
import { LocalStackError } from './localStackError.ts';

const secretsSchema = z.object({
  s3AccessKeyId: z.string().min(16),
  s3SecretAccessKey: z.string().min(32),
  postgresSuperuserPassword: z.string().min(16),
  postgresPassword: z.string().min(16),
  authSecret: z.string().min(32),
  /** Names and keys as CATALYST_PRINCIPAL_KEYS and CATALYST_PAYLOAD_KEYS take them; folders of earlier versions have none yet. */
  principalKeys: z.string().min(32).optional(),
  payloadKeys: z.string().min(32).optional(),
  postgresBackupPassword: z.string().min(16).optional(),
});

/** Generated once per state folder. None of them is ever the same in two checkouts. */
export type Secrets = Readonly<Record<keyof z.infer<typeof secretsSchema>, string>>;

/** The secrets of a state folder; undefined where no stack was ever started on it. */
export async function readSecrets(stateDirectory: string): Promise<Secrets | undefined> {
  const file = secretsFile(stateDirectory);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : withNewKeys(parseSecrets(text, file));
}

/** Reads `secrets.json` (mode 0600) of a state folder, making it, or what an earlier version did not make, on the first call. */
export async function loadSecrets(stateDirectory: string): Promise<Secrets> {
  const secrets = (await readSecrets(stateDirectory)) ?? madeUpSecrets();
  const text = `${JSON.stringify(secrets, undefined, 2)}\n`;
  const stored = await readFile(secretsFile(stateDirectory), 'utf8').catch(() => undefined);
  if (stored !== text) await writePrivateFile(secretsFile(stateDirectory), text);
  return secrets;
}

function madeUpSecrets(): Secrets {
  return withNewKeys({
    s3AccessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    s3SecretAccessKey: randomBytes(24).toString('hex'),
    postgresSuperuserPassword: randomBytes(18).toString('hex'),
    postgresPassword: randomBytes(18).toString('hex'),
    authSecret: randomBytes(48).toString('base64url'),
  });
}

function withNewKeys(secrets: z.infer<typeof secretsSchema>): Secrets {
  return { ...secrets, principalKeys: secrets.principalKeys ?? madeUpKey(), payloadKeys: secrets.payloadKeys ?? madeUpKey(), postgresBackupPassword: secrets.postgresBackupPassword ?? randomBytes(18).toString('hex') };
}

const madeUpKey = (): string => `local:${randomBytes(32).toString('base64url')}`;

function secretsFile(stateDirectory: string): string {
  return join(stateDirectory, 'secrets.json');
}

function parseSecrets(text: string, file: string): z.infer<typeof secretsSchema> {
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new LocalStackError(
      `The secrets of the local stack cannot be read: ${file} is damaged.`,
      'restore this file from a backup; without it the data beside it stays locked. To begin anew, remove the whole state folder.',
      { cause: error },
    );
  }
}
