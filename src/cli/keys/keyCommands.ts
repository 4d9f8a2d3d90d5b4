import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { roles, scopesOfRoles } from '../../contracts/roles.ts';
import type { Role } from '../../contracts/roles.ts';
import { isScope, scopes } from '../../contracts/scopes.ts';
import type { Scope } from '../../contracts/scopes.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { collectAs, identifier } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { take, writeJson } from '../jsonOutput.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { issuedKeyText, keysText, keyText } from './keyText.ts';

interface JsonOption {
  readonly json?: boolean;
}

interface CreateOptions extends JsonOption {
  readonly scope?: readonly Scope[];
  readonly role?: Role;
  readonly policy?: readonly string[];
  readonly expiresInDays?: number | 'never';
}

/** `catalyst keys …`: long-lived credentials of programs. */
export function addKeyCommands(program: Command, run: RunCommand): void {
  const keys = program.command('keys').description('API keys: credentials of programs, with scopes of their own.');
  addCreateCommand(keys, run);
  addListCommand(keys, run);
  addRotateCommand(keys, run);
  addRevokeCommand(keys, run);
}

function addCreateCommand(keys: Command, run: RunCommand): void {
  keys
    .command('create')
    .description('Create a key, which is shown this once.')
    .argument('<name>', 'who or what uses it')
    .option('--scope <scope>', 'what it may do, such as search:read; may be repeated', collectAs(scope))
    .addOption(new Option('--role <role>', 'the scopes that a role has now').choices(roles))
    .option('--policy <label>', 'a policy label that it holds; may be repeated', collectAs(String))
    .option('--expires-in-days <days>', 'its life; "never" sets no end (default: 90)', life)
    .option('--json', 'print key and secret as JSON')
    .addHelpText('after', `\nScopes: ${scopes.join(', ')}\nExample: catalyst keys create "Website search" --scope search:read`)
    .action((name: string, options: CreateOptions) => run((client, context) => create(client, context, name, options)));
}

function scope(text: string): Scope {
  if (!isScope(text)) throw new InvalidArgumentError('There is no such scope; "catalyst keys create --help" lists them.');
  return text;
}

function life(text: string): number | 'never' {
  if (text === 'never') return text;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a number of days up to 3650, or "never".');
  return Number(text);
}

async function create(client: CatalystClient, context: CliContext, name: string, { scope: named = [], role, policy = [], expiresInDays, json }: CreateOptions): Promise<ExitCode> {
  const held = [...new Set([...named, ...scopesOfRoles(role === undefined ? [] : [role])])];
  if (held.length === 0) throw new UsageError('Say what the key may do: --scope or --role.');
  const expiry = expiresInDays === undefined ? {} : { expiresInDays: expiresInDays === 'never' ? null : expiresInDays };
  const issued = await client.keys.create({ name, scopes: held, policies: [...policy], ...expiry }, context);
  if (json === true) writeJson(context, issued);
  else context.stdout.write(issuedKeyText(issued));
  return exitCodes.success;
}

function addListCommand(keys: Command, run: RunCommand): void {
  keys
    .command('list', { isDefault: true })
    .description('All keys, without their secrets.')
    .option('--json', 'print them as JSON')
    .action(({ json }: JsonOption) =>
      run(async (client, context) => {
        const found = await take(client.keys.list({ signal: context.signal }), 10_000);
        if (json === true) writeJson(context, found);
        else context.stdout.write(keysText(found));
        return exitCodes.success;
      }),
    );
}

function addRotateCommand(keys: Command, run: RunCommand): void {
  keys
    .command('rotate')
    .description('Give a key a new secret; what it was before is accepted for a while too.')
    .argument('<id>', 'identifier of the key', identifier)
    .option('--grace <seconds>', 'for how long, up to 604800; 0: no longer (default: 86400)', grace)
    .option('--json', 'print key and secret as JSON')
    .action((id: string, { grace: graceSeconds, json }: JsonOption & { readonly grace?: number }) =>
      run(async (client, context) => {
        const issued = await client.keys.rotate(id, graceSeconds === undefined ? {} : { graceSeconds }, context);
        if (json === true) writeJson(context, issued);
        else context.stdout.write(issuedKeyText(issued));
        return exitCodes.success;
      }),
    );
}

function grace(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) > 604_800) throw new InvalidArgumentError('It must be a number of seconds up to 604800.');
  return Number(text);
}

function addRevokeCommand(keys: Command, run: RunCommand): void {
  keys
    .command('revoke')
    .description('Revoke a key, at once and for good.')
    .argument('<id>', 'identifier of the key', identifier)
    .option('--json', 'print the key as JSON')
    .action((id: string, { json }: JsonOption) =>
      run(async (client, context) => {
        const key = await client.keys.revoke(id, context);
        if (json === true) writeJson(context, key);
        else context.stdout.write(keyText(key));
        return exitCodes.success;
      }),
    );
}
