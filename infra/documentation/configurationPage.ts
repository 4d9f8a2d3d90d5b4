import * as z from 'zod';
import { findProblems } from '../../src/config/production.ts';
import type { ConfigurationProblem } from '../../src/config/production.ts';
import { findRerankingProblems } from '../../src/config/reranking.ts';
import { variablesSchema } from '../../src/config/variables.ts';
import { rerankProviders } from '../../src/contracts/rerank.ts';
import { localStackPart } from './localStackPart.ts';
import { codeText, madePage, markdownTable } from './markdown.ts';
import { temporalPart } from './temporalPart.ts';

interface VariableSchema {
  readonly description?: string;
  readonly default?: string | number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
}

const introduction = `The API and the worker read their settings from the environment, once, at start; \`npm start\` reads a file \`.env\` in the working directory too, under the environment, and hands it on. An empty variable is an unset one. A process that is told something wrong does not start: it names every variable that is missing or not valid, each with what to do, and ends with status 78. Sizes are in bytes.`;

/** `docs/reference/configuration.md`. */
export function configurationPage(): string {
  const source = 'src/config/variables.ts, src/config/production.ts, src/config/reranking.ts and infra/local/settings.ts';
  return madePage(
    'Configuration',
    source,
    introduction,
    '## API and worker',
    markdownTable(['Variable', 'Default', 'Values', 'What it says'], Object.entries(variableSchemas()).map(variableRow)),
    temporalPart,
    '## What must be set',
    'In every profile (`npm start` sets all of these for the servers that it starts):',
    problemsTable(problemsOf({})),
    'With `CATALYST_EMBEDDING_PROVIDER=openai`, in place of the model folder:',
    problemsTable(difference(problemsOf({ CATALYST_EMBEDDING_PROVIDER: 'openai' }), problemsOf({}))),
    'With `CATALYST_RERANKER`, by its value:',
    rerankingTable(),
    'With `CATALYST_PROFILE=production` besides:',
    problemsTable(difference(problemsOf({ CATALYST_PROFILE: 'production' }), problemsOf({}))),
    'Production also refuses what belongs to development:',
    problemsTable(difference(problemsOf(developmentLeftovers), problemsOf({ CATALYST_PROFILE: 'production' }))),
    localStackPart(),
  );
}

/** A production process that was given the values of a development one. */
const developmentLeftovers = {
  CATALYST_PROFILE: 'production',
  CATALYST_EMBEDDING_PROVIDER: 'stub',
  CATALYST_AUTH_JWKS_URL: 'http://127.0.0.1:7410/jwks',
  CATALYST_FETCH_PRIVATE_ADDRESSES: 'true',
  QDRANT_URL: 'http://127.0.0.1:7405',
  DATABASE_URL: 'postgres://catalyst:secret@127.0.0.1:7403/catalyst',
  S3_ENDPOINT: 'http://127.0.0.1:7404',
};

function variableSchemas(): Readonly<Record<string, VariableSchema>> {
  return z.toJSONSchema(variablesSchema, { io: 'input', unrepresentable: 'any' }).properties as Record<string, VariableSchema>;
}

function variableRow([name, schema]: [string, VariableSchema]): string[] {
  const fallback = schema.default === undefined ? '–' : codeText(String(schema.default));
  return [codeText(name), fallback, valuesText(schema), schema.description ?? ''];
}

function valuesText({ enum: values, minimum, maximum, minLength }: VariableSchema): string {
  if (values !== undefined) return values.map(codeText).join(', ');
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return minLength !== undefined && minLength > 1 ? `at least ${minLength} characters` : '';
}

function problemsOf(environment: Readonly<Record<string, string>>): readonly ConfigurationProblem[] {
  return findProblems(variablesSchema.parse(environment), environment);
}

function rerankingTable(): string {
  const rows = rerankProviders.flatMap((provider) =>
    findRerankingProblems(variablesSchema.parse({ CATALYST_RERANKER: provider })).map(({ variable, problem, remedy }) => [codeText(provider), namesText(variable), problem, remedy]),
  );
  return markdownTable(['Value', 'Variable', 'Refused when it', 'What to do'], rows);
}

function difference(problems: readonly ConfigurationProblem[], known: readonly ConfigurationProblem[]): readonly ConfigurationProblem[] {
  const texts = new Set(known.map((problem) => JSON.stringify(problem)));
  return problems.filter((problem) => !texts.has(JSON.stringify(problem)));
}

function namesText(variable: string): string {
  return variable.split(' or ').map(codeText).join(' or ');
}

function problemsTable(problems: readonly ConfigurationProblem[]): string {
  return markdownTable(['Variable', 'Refused when it', 'What to do'], problems.map(({ variable, problem, remedy }) => [namesText(variable), problem, remedy]));
}
