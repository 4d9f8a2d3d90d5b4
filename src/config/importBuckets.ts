import type { Config } from './config.ts';
import type { ConfigurationProblem } from './production.ts';
import type { Variables } from './variables.ts';

/** Whether a tenant may import from a bucket. */
export function isOpenTo(buckets: Config['importing']['buckets'], tenant: string, bucket: string): boolean {
  return [tenant, '*'].some((name) => Object.hasOwn(buckets, name) && buckets[name]?.includes(bucket) === true);
}

export function findImportProblems(variables: Variables): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const artifacts = variables.S3_BUCKET;
  if (artifacts !== undefined && Object.values(variables.CATALYST_IMPORT_BUCKETS).some((names) => names.includes(artifacts))) {
    problems.push({ variable: 'CATALYST_IMPORT_BUCKETS', problem: `names the artifact bucket "${artifacts}"`, remedy: 'Take it out: it holds what belongs to all tenants.' });
  }
  const { CATALYST_IMPORT_S3_ENDPOINT: endpoint, CATALYST_IMPORT_S3_ACCESS_KEY_ID: key, CATALYST_IMPORT_S3_SECRET_ACCESS_KEY: secret } = variables;
  if ((key === undefined) !== (secret === undefined) || (endpoint !== undefined && key === undefined)) {
    problems.push({ variable: 'CATALYST_IMPORT_S3_ACCESS_KEY_ID and CATALYST_IMPORT_S3_SECRET_ACCESS_KEY', problem: 'are not both set', remedy: 'Set both; the keys of the artifacts are never sent to another endpoint.' });
  }
  return problems;
}

/** For variables in which no problem was found. */
export function importConfig(variables: Variables): Config['importing'] {
  return {
    buckets: variables.CATALYST_IMPORT_BUCKETS,
    endpoint: variables.CATALYST_IMPORT_S3_ENDPOINT ?? variables.S3_ENDPOINT ?? '',
    region: variables.CATALYST_IMPORT_S3_REGION ?? variables.S3_REGION,
    accessKeyId: variables.CATALYST_IMPORT_S3_ACCESS_KEY_ID ?? variables.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: variables.CATALYST_IMPORT_S3_SECRET_ACCESS_KEY ?? variables.S3_SECRET_ACCESS_KEY ?? '',
    forcePathStyle: variables.CATALYST_IMPORT_S3_ENDPOINT === undefined ? variables.S3_FORCE_PATH_STYLE : variables.CATALYST_IMPORT_S3_FORCE_PATH_STYLE,
    artifactBucket: variables.S3_BUCKET ?? '',
  };
}
