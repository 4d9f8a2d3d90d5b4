import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/createActivities.ts';

type GenerationActivities = Pick<Activities, 'planCompaction' | 'openGeneration' | 'fillGeneration' | 'verifyGeneration' | 'switchGeneration' | 'planRollback' | 'planReindex' | 'failChange' | 'judgeGeneration' | 'stopReindex' | 'abandonGeneration' | 'tendGenerations' | 'measureRecall'>;

/** Changes of the index without servers: they tell in which order they were asked for. */
export class FakeGenerations {
  /** Steps in order, as `step` or `step generation`. */
  readonly steps: string[] = [];
  /** What there is to make; null: nothing is to do. */
  planned: string | null = 'green';
  /** Tenants that are to have a collection of their own. */
  dedicated: string[] = [];
  /** Calls until the generation is filled. */
  pages = 1;
  /** Those that are found not to be what they should be. */
  readonly wanting = new Set<string>();
  /** Whether the generation passes its gates. */
  isGood = true;
  /** Filling costs more than is allowed. */
  isTooDear = false;
  /** Whether one is kept that served before. */
  isWayBackOpen = true;
  /** Retired generations that stay, by call of the tending; then none. */
  left: number[] = [];

  create(): GenerationActivities {
    const step = <Answer>(name: string, answer: Answer): Promise<Answer> => {
      this.steps.push(name);
      return Promise.resolve(answer);
    };
    return {
      planCompaction: (_scope, force, tenant = null, takeBack = []) => step(`plan${tenant === null ? '' : ` of ${tenant}`}${force ? ' by force' : ''}${takeBack.length === 0 ? '' : ` with ${takeBack.join(', ')}`}`, { generation: this.planned === null || tenant === null ? this.planned : `${this.planned}-${tenant}`, dedicated: this.dedicated }),
      openGeneration: (generation) => step(`open ${generation}`, undefined),
      fillGeneration: (generation) => {
        this.pages -= 1;
        if (this.isTooDear) {
          this.steps.push(`fill ${generation}`);
          return Promise.reject(failureOf('REINDEX_BUDGET_EXHAUSTED'));
        }
        return step(`fill ${generation}`, { filled: this.pages <= 0 });
      },
      verifyGeneration: (generation) => {
        this.steps.push(`verify ${generation}`);
        return this.wanting.has(generation) ? Promise.reject(failureOf('GENERATION_INCOMPLETE')) : Promise.resolve();
      },
      switchGeneration: (_scope, kind, generation, tenant = null) => step(`switch ${generation} (${kind})${tenant === null ? '' : ` for ${tenant}`}`, undefined),
      failChange: (_scope, kind, _tenant, failure) => step(`fail ${kind} (${failure.code})`, undefined),
      planReindex: (_scope, maximumTokens) => step(`plan reindex up to ${maximumTokens ?? 0}`, { generation: maximumTokens === undefined ? null : (this.planned) }),
      judgeGeneration: (_scope, generation) => step(`judge ${generation}`, { passed: this.isGood }),
      stopReindex: (_scope, generation, failure) => step(`stop ${generation} (${failure.code})`, undefined),
      planRollback: (_scope, tenant = null) => {
        const planned = step(`plan rollback${tenant === null ? '' : ` of ${tenant}`}`, { generation: 'blue' });
        return this.isWayBackOpen ? planned : Promise.reject(failureOf('CONFLICT'));
      },
      abandonGeneration: (_scope, generation, failure) => step(`abandon ${generation} (${failure.code})`, undefined),
      measureRecall: () => step('measure recall', undefined),
      tendGenerations: () => step('tend', { left: this.left.shift() ?? 0 }),
    };
  }
}

function failureOf(code: string): ApplicationFailure {
  const failure = { code, message: 'It is as the test wants it.', remedy: '' };
  return ApplicationFailure.create({ type: failure.code, message: failure.message, nonRetryable: true, details: [failure] });
}
