import { z } from 'zod';

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
/** What the registries make of the last item of a page: its identifier, or its time and place. */
const idCursor = new RegExp(`^${uuid}$`);
const numberCursor = /^\d{1,9}$/;
const timeCursor = new RegExp(`^\\d{1,18}_${uuid}_\\d{1,9}$`);

/** Query of a list that is read in pages: the cursor is the `next` of the page before, and says nothing else. That of another kind of list is refused. */
export function pageQuery(maximum = 1000, fallback = 100) {
  return pagesBy(idCursor, maximum, fallback);
}

/** The same of a list in the order of time. */
export function timePageQuery(maximum = 1000, fallback = 100) {
  return pagesBy(timeCursor, maximum, fallback);
}

/** The same of a list that only grows: how many items came before. */
export function numberPageQuery(maximum = 1000, fallback = 100) {
  return pagesBy(numberCursor, maximum, fallback);
}

function pagesBy(form: RegExp, maximum: number, fallback: number) {
  return z.strictObject({
    cursor: z.string().max(200).regex(form, 'the "next" of an earlier page').optional().meta({ description: 'The `next` of the page before.' }),
    limit: pageLimit(maximum, fallback),
  });
}

/** How many items a page has. */
export function pageLimit(maximum = 1000, fallback = 100) {
  return z.coerce.number().int().min(1).max(maximum).default(fallback);
}
