import type { Address, Email } from 'postal-mime';
import type { AttachedFile } from '../../ports/documentParser.ts';

/** Of the readers of a circular, so many are named. */
const mostAddresses = 50;

function nameOf({ name, address, group }: Address): string {
  if (group !== undefined) return `${name}: ${group.map(nameOf).join(', ')}`;
  if (address === undefined || address === '') return name;
  return name === '' || name === address ? address : `${name.replace(/^'(.*)'$/, '$1')} <${address}>`;
}

function line(label: string, addresses: readonly Address[] | undefined): string[] {
  const names = (addresses ?? []).map(nameOf).filter((name) => name !== '');
  if (names.length === 0) return [];
  const others = names.length - mostAddresses;
  return [`${label}: ${names.slice(0, mostAddresses).join(', ')}${others > 0 ? ` and ${others} others` : ''}`];
}

/** Who wrote to whom and when, a line each, as a reader of mail shows it; the date as the sender's clock had it. */
export function headOf(message: Email, files: readonly AttachedFile[]): string {
  const date = message.headers.find(({ key }) => key === 'date')?.value.trim() ?? '';
  return [
    ...line('From', message.from === undefined ? message.sender === undefined ? [] : [message.sender] : [message.from]),
    ...line('To', message.to),
    ...line('Cc', message.cc),
    ...(date === '' ? [] : [`Date: ${date}`]),
    ...(files.length === 0 ? [] : [`Attachments: ${files.map(({ fileName }) => fileName).join(', ')}`]),
  ].join('\n');
}
