import type { InstallWatch } from '../install/toolCache.ts';
import type { Environment } from '../processEnvironment.ts';
import type { Secrets } from '../secrets.ts';
import type { LocalSettings, PortName } from '../settings.ts';
import type { ServicePlan } from '../supervision/servicePlan.ts';

export const dependencyNames = ['temporal', 'postgres', 's3', 'qdrant', 'model'] as const;
export type DependencyName = (typeof dependencyNames)[number];

/**
 * Where a dependency comes from, in the order in which they are tried: an address the user gave, a program on
 * PATH, an npm package of this project, an earlier install, or an install that is still to be made.
 */
export type Origin = 'address' | 'path' | 'package' | 'cache' | 'build';

export interface Choice {
  readonly origin: Origin;
  /** An address, or the path of a program or folder. */
  readonly location: string;
  /** As far as it is known without asking the running service. */
  readonly version?: string;
}

export interface StackContext {
  readonly settings: LocalSettings;
  readonly secrets: Secrets;
}

/** One of the servers, or files, that the product needs. How it is had and run locally stands in one file each. */
export interface Dependency {
  readonly name: DependencyName;
  readonly title: string;
  /** What an install does and how long it usually takes, for the progress line. */
  readonly installing: string;
  /** What is there already, without installing or starting anything. */
  find(settings: LocalSettings): Promise<Choice | undefined>;
  /** @throws LocalStackError that says what is missing on this machine. */
  install(settings: LocalSettings, watch: InstallWatch): Promise<Choice>;
  /** What it listens on, when it is started here; the choice is undefined as long as it is not installed. */
  ports(choice: Choice | undefined): readonly PortName[];
  /** Undefined where nothing has to run. */
  plan(context: StackContext, choice: Choice): Promise<ServicePlan | undefined>;
  /** Runs once the service answers, on every start of a stack; idempotent. */
  afterReady?(context: StackContext): Promise<void>;
  /** The variables by which the product finds it. The user's own variables are laid over these. */
  environment(context: StackContext, choice: Choice): Record<string, string>;
  /**
   * Asks the service under the address in `environment`.
   * @returns its version as it tells it. @throws when it does not answer as it should.
   */
  ask(environment: Environment): Promise<string>;
}

/** How long a single question to a service may take, in milliseconds. */
export const questionTimeout = 3_000;
