import { callJson, createCaller } from './caller.ts';
import type { Call } from './caller.ts';
import type { Side } from './identifierAttack.ts';
import type { Session } from './session.ts';

interface Link {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LinkAttack {
  readonly session: Session;
  readonly attacker: Side;
  readonly victim: Side;
  /** Of the victim's tenant, without the label of one of its documents. */
  readonly withoutLabel: Call;
  readonly secret: string;
}

const route = 'POST /v1/documents/{documentId}/artifacts/{kind}/links';
const linkTo = (call: Call, documentId: string, kind: string): Promise<Link> => callJson<Link>(call, 'POST', `/v1/documents/${documentId}/artifacts/${kind}/links`, {});

/** Links are opened at the store, where nobody but the signature stands between two tenants: one of one's own, changed to what is another's. */
export async function attackLinks({ session, attacker, victim, withoutLabel, secret }: LinkAttack): Promise<void> {
  const { document, labelledDocument } = victim.holdings.identifiers;
  for (const kind of ['raw', 'text', 'chunks', 'manifest']) {
    const own = await linkTo(attacker.call, attacker.holdings.identifiers.document, kind);
    const theirs = await linkTo(victim.call, document, kind);
    for (const [what, link] of changesOf(own, theirs)) await open(session, `links: ${kind}, ${what}`, link);
    await session.try(attacker.call, route, `links: ${kind} of another tenant`, { method: 'POST', path: `/v1/documents/${document}/artifacts/${kind}/links`, body: '{}' });
    // Both documents of the victim may lie in one object: who may read the one gets no more than that.
    for (const [what, headers] of [['without the range', {}], ['with a wider range', { Range: 'bytes=0-1000000' }]] as const) await lookFor(session, secret, `links: ${kind} ${what}`, { ...(await linkTo(withoutLabel, document, kind)), headers });
    const refused = await withoutLabel({ method: 'POST', path: `/v1/documents/${labelledDocument}/artifacts/${kind}/links`, body: '{}' });
    if (refused.status !== 404) session.leak({ route, attack: `links: ${kind} under a label that is not held`, what: `${refused.status}: ${refused.text.slice(0, 200)}` });
    if (!(await read(await linkTo(victim.call, labelledDocument, kind))).text.includes(secret) && kind !== 'manifest') throw new Error(`The link of the victim does not give its ${kind}: the attack would prove nothing.`);
  }
}

function changesOf(own: Link, theirs: Link): [what: string, link: Link][] {
  const changed = (change: (url: URL) => void, headers = own.headers): Link => {
    const url = new URL(own.url);
    change(url);
    return { url: url.href, headers };
  };
  const { pathname } = new URL(theirs.url);
  const signature = new URL(own.url).searchParams;
  return [
    ['their key in the path', changed((url) => void (url.pathname = pathname))],
    ['their key and range', changed((url) => void (url.pathname = pathname), theirs.headers)],
    ['their key doubled', changed((url) => void (url.pathname = `${url.pathname}/../../../../..${pathname}`))],
    ['their address under my signature', { ...theirs, url: withSignature(theirs.url, signature.get('X-Amz-Signature') ?? '') }],
    ['their address without a signature', { ...theirs, url: `${new URL(theirs.url).origin}${pathname}` }],
    ['a list of the bucket', changed((url) => void (url.pathname = `/${pathname.split('/')[1]}`))],
    ['a list of the bucket by a prefix', changed((url) => { url.pathname = `/${pathname.split('/')[1]}`; url.searchParams.set('prefix', 'tenants/'); })],
  ];
}

function withSignature(address: string, signature: string): string {
  const url = new URL(address);
  url.searchParams.set('X-Amz-Signature', signature);
  return url.href;
}

/** The address of the store itself is no path of the API: each is asked at its own. */
async function open(session: Session, attack: string, link: Link): Promise<void> {
  const { origin, pathname, search } = new URL(link.url);
  const answer = await session.try(createCaller(origin, undefined), route, attack, { method: 'GET', path: `${pathname}${search}`, headers: link.headers });
  if (answer.status < 300) session.leak({ route, attack, what: `${answer.status}: ${answer.text.slice(0, 200)}` });
}

async function lookFor(session: Session, secret: string, attack: string, link: Link): Promise<void> {
  const answer = await read(link);
  if (answer.text.includes(secret)) session.leak({ route, attack, what: `${answer.status} holds what stands under a label` });
}

function read(link: Link): Promise<{ readonly status: number; readonly text: string }> {
  const { origin, pathname, search } = new URL(link.url);
  return createCaller(origin, undefined)({ method: 'GET', path: `${pathname}${search}`, headers: link.headers });
}
