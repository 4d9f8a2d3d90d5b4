import type { BackupConfig } from './config.ts';
import type { ConfigurationProblem } from './production.ts';
import type { Variables } from './variables.ts';

export function findBackupProblems(variables: Variables): ConfigurationProblem[] {
  const { CATALYST_BACKUP_BUCKET: bucket, CATALYST_BACKUP_DATABASE_URL: url, CATALYST_BACKUP_S3_ENDPOINT: endpoint, CATALYST_BACKUP_S3_ACCESS_KEY_ID: key, CATALYST_BACKUP_S3_SECRET_ACCESS_KEY: secret } = variables;
  if (bucket === undefined) return [];
  const problems: ConfigurationProblem[] = [];
  if (url === undefined) problems.push({ variable: 'CATALYST_BACKUP_DATABASE_URL', problem: 'is not set', remedy: 'Set it to the address of the database with a role that has BYPASSRLS and pg_read_all_data, or take CATALYST_BACKUP_BUCKET out.' });
  if (endpoint === undefined && bucket === variables.S3_BUCKET) problems.push({ variable: 'CATALYST_BACKUP_BUCKET', problem: 'is the artifact bucket', remedy: 'Name another one: what takes one away would take both.' });
  if ((key === undefined) !== (secret === undefined) || (endpoint !== undefined && key === undefined)) {
    problems.push({ variable: 'CATALYST_BACKUP_S3_ACCESS_KEY_ID and CATALYST_BACKUP_S3_SECRET_ACCESS_KEY', problem: 'are not both set', remedy: 'Set both; the keys of the artifacts are never sent to another endpoint.' });
  }
  return problems;
}

/** For variables in which no problem was found. */
export function backupConfig(variables: Variables): BackupConfig | undefined {
  const { CATALYST_BACKUP_BUCKET: bucket, CATALYST_BACKUP_DATABASE_URL: databaseUrl } = variables;
  if (bucket === undefined || databaseUrl === undefined) return undefined;
  return {
    store: {
      bucket,
      endpoint: variables.CATALYST_BACKUP_S3_ENDPOINT ?? variables.S3_ENDPOINT ?? '',
      region: variables.CATALYST_BACKUP_S3_REGION ?? variables.S3_REGION,
      accessKeyId: variables.CATALYST_BACKUP_S3_ACCESS_KEY_ID ?? variables.S3_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.CATALYST_BACKUP_S3_SECRET_ACCESS_KEY ?? variables.S3_SECRET_ACCESS_KEY ?? '',
      forcePathStyle: variables.CATALYST_BACKUP_S3_ENDPOINT === undefined ? variables.S3_FORCE_PATH_STYLE : variables.CATALYST_BACKUP_S3_FORCE_PATH_STYLE,
    },
    databaseUrl,
    keep: { days: variables.CATALYST_BACKUP_KEEP_DAYS, least: variables.CATALYST_BACKUP_KEEP_LEAST },
    verifyDays: variables.CATALYST_BACKUP_VERIFY_DAYS,
    snapshots: variables.CATALYST_BACKUP_INDEX === 'snapshot',
  };
}
