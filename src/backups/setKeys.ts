/** Where things lie in the backup bucket: sets, each in a folder of its own, and copies of objects, which sets share. */
export const setsPrefix = 'sets/';
export const copiesPrefix = 'objects/';
/** Beside them what was deleted, by time. */
export const journalPrefix = 'deletions/';

export const setPrefix = (id: string): string => `${setsPrefix}${id}/`;
export const manifestKey = (id: string): string => `${setPrefix(id)}manifest.json`;
export const begunKey = (id: string): string => `${setPrefix(id)}begun.json`;
export const failureKey = (id: string): string => `${setPrefix(id)}failure.json`;
export const verificationKey = (id: string): string => `${setPrefix(id)}verification.json`;
export const registryKey = (id: string): string => `${setPrefix(id)}registry.json`;
export const indexKey = (id: string): string => `${setPrefix(id)}index.json`;
export const tableKey = (id: string, table: string): string => `${setPrefix(id)}tables/${table}.gz`;
export const snapshotKey = (id: string): string => `${setPrefix(id)}index.snapshot`;
export const listsPrefix = (id: string): string => `${setPrefix(id)}objects/`;
/** Pages in their order. */
export const listKey = (id: string, page: number): string => `${listsPrefix(id)}${String(page).padStart(8, '0')}.gz`;

/** The same key may hold other bytes later, where a part of it was erased: then it has another mark, and another copy. */
export function copyKey(key: string, mark: string): string {
  return `${copiesPrefix}${key}@${mark.replaceAll(/[^0-9A-Za-z-]/g, '')}`;
}
