import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { tenantSchema } from '../../contracts/identifiers.ts';
import { tenantPolicySchema } from '../../contracts/tenants.ts';
import type { TenantAccount } from '../../contracts/tenants.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import { take, writeJson } from '../jsonOutput.ts';
import { whole } from '../output/numbers.ts';
import { oneLine } from '../output/terminal.ts';
import { readJsonFile } from '../readJsonFile.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { tenantsText, tenantText } from './tenantText.ts';

interface JsonOption {
  readonly json?: boolean;
}

interface ChangeOptions extends JsonOption {
  readonly name?: string;
  readonly policy?: string;
}

type Work<Options> = (client: CatalystClient, context: CliContext, tenant: string, options: Options) => Promise<TenantAccount>;

/** `catalyst tenant …`: for the operator of the platform. */
export function addTenantCommands(program: Command, run: RunCommand): void {
  const tenants = program.command('tenant').description('Tenants, for the operator of the platform: create, limit, suspend, export, delete.');
  addListCommand(tenants, run);
  addExportCommand(tenants, run);
  const create: Work<ChangeOptions> = async (client, context, tenant, options) => client.tenants.create({ tenant, ...(await changeOf(context, options)) }, context);
  const change: Work<ChangeOptions> = async (client, context, tenant, options) => client.tenants.change(tenant, await changeOf(context, options), context);
  for (const [name, description, work] of [['create', 'Create a tenant.', create], ['change', 'Change name or policy of a tenant.', change]] as const) {
    actOn(tenants, run, name, description, work).option('--name <name>', 'name for people').option('--policy <file>', 'policy as JSON, which replaces the one before');
  }
  actOn(tenants, run, 'show', 'A tenant; of one that is deleted the receipt.', (client, context, tenant) => client.tenants.get(tenant, context));
  actOn<JsonOption & { readonly reason?: string }>(tenants, run, 'suspend', 'Refuse all requests of a tenant within a second, and pause its jobs.', (client, context, tenant, { reason }) => client.tenants.suspend(tenant, reason, context)).option('--reason <text>', 'why');
  actOn(tenants, run, 'resume', 'Let a suspended tenant go on, with the jobs that were paused by that.', (client, context, tenant) => client.tenants.resume(tenant, context));
  actOn<DeleteOptions>(tenants, run, 'delete', 'Delete a tenant with all it has, for good; ends with a receipt.', remove).option('--yes', 'yes, all of it').option('--no-wait', 'return at once');
}

function addListCommand(tenants: Command, run: RunCommand): void {
  tenants
    .command('list', { isDefault: true })
    .description('All tenants.')
    .option('--json', 'print them as JSON')
    .action(({ json }: JsonOption) =>
      run(async (client, context) => {
        const found = await take(client.tenants.list({ signal: context.signal, pageSize: 1000 }), 1_000_000);
        if (json === true) writeJson(context, found);
        else context.stdout.write(tenantsText(found));
        return exitCodes.success;
      }),
    );
}

function addExportCommand(tenants: Command, run: RunCommand): void {
  tenants
    .command('export')
    .description('All documents of a tenant with their bytes, as lines of JSON, into a file.')
    .argument('<tenant>', 'name of the tenant', tenantName)
    .requiredOption('--output <file>', 'write it there')
    .action((tenant: string, { output }: { readonly output: string }) =>
      run(async (client, context) => {
        const path = resolve(context.workingDirectory, output);
        await saveExport(client, context, tenant, path);
        context.stdout.write(`Exported to ${oneLine(path)} (${whole((await stat(path)).size)} bytes).\n`);
        return exitCodes.success;
      }),
    );
}

/** A command on one tenant, which shows the tenant as it is afterwards. */
function actOn<Options extends JsonOption>(tenants: Command, run: RunCommand, name: string, description: string, work: Work<Options>): Command {
  return tenants
    .command(name)
    .description(description)
    .argument('<tenant>', 'name of the tenant', tenantName)
    .option('--json', 'print the tenant as JSON')
    .action((tenant: string, options: Options) =>
      run(async (client, context) => {
        const account = await work(client, context, tenant, options);
        if (options.json === true) writeJson(context, account);
        else context.stdout.write(tenantText(account));
        return exitCodes.success;
      }),
    );
}

interface DeleteOptions extends JsonOption {
  readonly yes?: boolean;
  readonly wait: boolean;
}

async function remove(client: CatalystClient, context: CliContext, tenant: string, { yes, wait }: DeleteOptions): Promise<TenantAccount> {
  if (yes !== true) throw new UsageError(`This deletes the tenant "${tenant}" and all that it has, for good. If that is what you want, add --yes.`);
  const deleting = await client.tenants.delete(tenant, context);
  return wait ? client.tenants.waitUntilDeleted(tenant, context) : deleting;
}

async function changeOf(context: CliContext, { name, policy }: ChangeOptions) {
  return { ...(name === undefined ? {} : { name }), ...(policy === undefined ? {} : { policy: await readJsonFile(context, policy, tenantPolicySchema, 'a policy of a tenant') }) };
}

/** The file is there once the export is whole, which its last line says. */
async function saveExport(client: CatalystClient, context: CliContext, tenant: string, path: string): Promise<void> {
  const partial = `${path}.part`;
  let end = '';
  try {
    await pipeline(
      await client.tenants.export(tenant, context),
      async function* remember(parts: AsyncIterable<Buffer>) {
        for await (const part of parts) {
          end = (end + part.toString('latin1')).slice(-2_000);
          yield part;
        }
      },
      createWriteStream(partial),
    );
    if (!/\{"type":"manifest",[^\n]*\}\n$/.test(end)) throw new UsageError('The export broke off before its manifest; nothing was kept.');
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function tenantName(text: string): string {
  if (!tenantSchema.safeParse(text).success) throw new InvalidArgumentError('It must be lower-case letters, digits, "-" and "_", at most 63.');
  return text;
}
