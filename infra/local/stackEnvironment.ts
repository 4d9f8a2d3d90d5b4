import { dependencies } from './dependencies/catalogue.ts';
import type { Choice, DependencyName, StackContext } from './dependencies/dependency.ts';
import type { Environment } from './processEnvironment.ts';

export type Choices = Partial<Record<DependencyName, Choice>>;

/** The whole environment of the API and the worker: what the stack knows, and over it what the user has set. */
export function stackEnvironment(context: StackContext, choices: Choices): Environment {
  const { settings, secrets } = context;
  const fromDependencies = (Object.entries(choices) as [DependencyName, Choice][]).flatMap(([name, choice]) =>
    Object.entries(dependencies[name].environment(context, choice)),
  );
  return {
    CATALYST_PROFILE: 'development',
    CATALYST_API_HOST: '127.0.0.1',
    CATALYST_API_PORT: String(settings.ports.api),
    CATALYST_WORKER_METRICS_HOST: '127.0.0.1',
    CATALYST_WORKER_METRICS_PORT: String(settings.ports.workerMetrics),
    // Tokens have one kind of key: a user's own key set takes the place of the stack's secret.
    ...(settings.environment['CATALYST_AUTH_JWKS_URL'] === undefined ? { CATALYST_AUTH_SECRET: secrets.authSecret } : {}),
    CATALYST_PLATFORM_TENANT: 'platform',
    ...Object.fromEntries(fromDependencies),
    ...settings.environment,
    // Absolute: a relative folder of the user's is meant from their working directory, not from a child's.
    CATALYST_STATE_DIR: settings.stateDirectory,
  };
}
