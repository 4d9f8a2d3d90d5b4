import { expect, it } from 'vitest';
import { chooseUnverified } from '../../../src/backups/chooseUnverified.ts';
import type { Backup, BackupVerification } from '../../../src/contracts/backups.ts';

const now = Date.parse('2026-03-31T06:45:00Z');
const dayMs = 86_400_000;

function backup(age: number, state: Backup['state'], verified?: { readonly deep: boolean; readonly age: number }): Pick<Backup, 'id' | 'state' | 'verification'> {
  const verification: BackupVerification | null = verified === undefined ? null : { at: new Date(now - verified.age * dayMs).toISOString(), deep: verified.deep, files: 1, objects: 1, bytes: 1, problems: 0, examples: [] };
  return { id: new Date(now - age * dayMs).toISOString(), state, verification };
}
const idOf = (age: number): string => backup(age, 'finished').id;

it('chooses the newest good one where none was read through of late', () => {
  const backups = [backup(0, 'unfinished'), backup(1, 'failed'), backup(2, 'damaged'), backup(3, 'finished', { deep: false, age: 3 }), backup(4, 'finished')];
  expect(chooseUnverified(backups, 7, now)).toBe(idOf(3));
  expect(chooseUnverified([...backups, backup(20, 'finished', { deep: true, age: 8 })], 7, now)).toBe(idOf(3));
});

it('waits for as many days, whichever one it was, a night that came early included', () => {
  expect(chooseUnverified([backup(1, 'finished'), backup(6, 'finished', { deep: true, age: 6 })], 7, now)).toBeNull();
  expect(chooseUnverified([backup(1, 'finished'), backup(7, 'finished', { deep: true, age: 6.9 })], 7, now)).toBe(idOf(1));
  expect(chooseUnverified([backup(1, 'finished', { deep: true, age: 0.97 })], 1, now)).toBe(idOf(1));
});

it('chooses nothing where there is none, or it is not wanted', () => {
  expect(chooseUnverified([backup(1, 'failed')], 7, now)).toBeNull();
  expect(chooseUnverified([backup(1, 'finished')], 0, now)).toBeNull();
});
