import { sql } from 'kysely';
import type { UploadRegistry } from '../../../ports/uploadRegistry.ts';
import type { Database } from '../database.ts';
import { requireActiveTenant } from '../tenants/requireActiveTenant.ts';

export function createUploadRegistry(database: Database): UploadRegistry {
  return {
    async record(tenant, upload) {
      await database.withTenant(tenant, async (transaction) => {
        await requireActiveTenant(transaction, tenant);
        await transaction
          .insertInto('uploads')
          .values({ tenant, id: upload.id, file_name: upload.fileName, media_type: upload.mediaType, bytes: String(upload.bytes), reference: JSON.stringify(upload.reference) })
          .execute();
      });
    },
    async find(tenant, ids) {
      if (ids.length === 0) return [];
      const rows = await database.withTenant(tenant, (transaction) =>
        transaction.selectFrom('uploads').selectAll().where('tenant', '=', tenant).where('id', '=', sql<string>`any(${[...ids]}::uuid[])`).execute(),
      );
      return rows.map((row) => ({
        id: row.id,
        fileName: row.file_name,
        mediaType: row.media_type,
        bytes: Number(row.bytes),
        digest: row.reference.digest,
        createdAt: row.created_at.toISOString(),
        reference: row.reference,
      }));
    },
  };
}
