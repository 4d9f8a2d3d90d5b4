import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { parsedJson } from '../../contracts/parsedJson.ts';

const completionSchema = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }), finish_reason: z.string().nullish() })).min(1) });
const orderSchema = z.object({ order: z.array(z.int()) });

/**
 * The order of passages that a chat model answered, by places from 0. A number that comes again counts where it came first, and passages
 * may be missing. Throws RERANKER_REQUEST_REFUSED where the model declined, RERANKER_MALFORMED for anything else that is not an order of these passages.
 */
export function readOrder(answer: unknown, passages: number, place: string): readonly number[] {
  const malformed = (why: string): CatalystError => new CatalystError('RERANKER_MALFORMED', `${place} ${why}.`);
  const completion = completionSchema.safeParse(answer);
  const choice = completion.data?.choices[0];
  if (choice === undefined) throw malformed('answered something that is not a chat completion');
  if (typeof choice.message.refusal === 'string') throw new CatalystError('RERANKER_REQUEST_REFUSED', `${place} declined to rank: ${choice.message.refusal.slice(0, 200)}.`);
  if (choice.finish_reason === 'length') throw malformed('broke off before the order was complete');
  const parsed = orderSchema.safeParse(parsedJson(choice.message.content ?? ''));
  if (!parsed.success) throw malformed('answered something that is not an order of passages');
  const places = [...new Set(parsed.data.order.map((number) => number - 1))];
  const foreign = places.find((index) => index < 0 || index >= passages);
  if (foreign !== undefined) throw malformed(`names passage ${foreign + 1}, where ${passages} were sent`);
  return places;
}
