import type { TermWeightUse } from '../../contracts/queryAnalysis.ts';
import { analyse } from '../sparse/analyse.ts';
import type { Term } from '../sparse/analyse.ts';
import { allLanguages } from '../sparse/queryWeights.ts';
import type { FactorsOf, QueryLanguages } from '../sparse/queryWeights.ts';
import { placedUnitsOf } from '../sparse/units.ts';
import { compiledTermWeights } from './compile.ts';
import type { TermWeights } from './compile.ts';

export interface WeighedTerms {
  /** Undefined where no weight applies. */
  readonly factorsOf: FactorsOf | undefined;
  readonly uses: readonly TermWeightUse[];
}

const nothingWeighed: WeighedTerms = { factorsOf: undefined, uses: [] };

/**
 * What the terms of a text weigh by the settings of a tenant. A word that one language knows by its weight has it in all languages
 * that the text is read in. A name (COVID-19) has its weight as a whole; of its parts each may have one of its own, else
 * a weight below 1 goes for the parts too: what is to count less is not to come in by its pieces. Pure.
 */
export function weighTerms(text: string, termWeights: TermWeights | undefined, languages: QueryLanguages): WeighedTerms {
  if (termWeights === undefined || Object.keys(termWeights).length === 0) return nothingWeighed;
  const uses = usesOf(text, termWeights, languages);
  if (uses.length === 0) return nothingWeighed;
  const units = weighedUnits(text, termWeights, languages);
  const factorsOf: FactorsOf = (terms, language) => {
    const own = compiledTermWeights(termWeights, language);
    return terms.map((term, number) => own.get(term.term)?.weight ?? factorOfPlace(units, term, isWhole(terms, number)));
  };
  return { factorsOf, uses };
}

/** The weights of words, names and parts of names, each once. */
function usesOf(text: string, termWeights: TermWeights, languages: QueryLanguages): TermWeightUse[] {
  const uses = allLanguages(languages).flatMap((language) => {
    const weights = compiledTermWeights(termWeights, language);
    return analyse(text, language).flatMap(({ term }) => weights.get(term) ?? []);
  });
  return [...new Map(uses.map((use) => [use.term, use])).values()];
}

interface WeighedUnit extends Term {
  readonly use: TermWeightUse;
}

/** The words and names that have a weight in any of the languages, the first of them first. */
function weighedUnits(text: string, termWeights: TermWeights, languages: QueryLanguages): WeighedUnit[] {
  return allLanguages(languages).flatMap((language) => {
    const weights = compiledTermWeights(termWeights, language);
    return placedUnitsOf(text, language).flatMap((unit) => {
      const use = weights.get(unit.term);
      return use === undefined ? [] : [{ ...unit, use }];
    });
  });
}

function factorOfPlace(units: readonly WeighedUnit[], { start, end }: Term, whole: boolean): number {
  const unit = units.find((each) => each.start <= start && each.end >= end);
  if (unit === undefined) return 1;
  const isUnit = whole && unit.start === start && unit.end === end;
  return isUnit ? unit.use.weight : Math.min(1, unit.use.weight);
}

/** Whether a term stands for all of its place, and not for a part of it: the whole comes last. */
function isWhole(terms: readonly Term[], number: number): boolean {
  const [term, next] = [terms[number], terms[number + 1]];
  return next === undefined || term?.start !== next.start || term.end !== next.end;
}
