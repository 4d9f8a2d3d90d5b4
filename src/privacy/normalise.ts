import type { PersonalDataKind } from '../contracts/personalData.ts';

/** What is written in different ways and is the same: letters of either case in addresses, numbers with or without what stands between their digits. */
export function normalise(kind: PersonalDataKind, value: string): string {
  const text = value.normalize('NFKC').trim();
  switch (kind) {
    case 'email':
      return text.toLowerCase();
    case 'phone':
      return `${text.startsWith('+') ? '+' : ''}${text.replace(/\D/g, '')}`;
    case 'card':
    case 'ssn':
      return text.replace(/\D/g, '');
    case 'iban':
      return text.replace(/\s/g, '').toUpperCase();
    case 'field':
      return text.replace(/\s+/g, ' ');
  }
}
