import type { Dependency, DependencyName } from './dependency.ts';
import { model } from './model.ts';
import { postgres } from './postgres.ts';
import { qdrant } from './qdrant.ts';
import { s3 } from './s3.ts';
import { temporal } from './temporal.ts';

export const dependencies: Readonly<Record<DependencyName, Dependency>> = { temporal, postgres, s3, qdrant, model };
