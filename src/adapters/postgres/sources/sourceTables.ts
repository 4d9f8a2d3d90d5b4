import type { Generated } from 'kysely';
import type { SourceRequest } from '../../../contracts/sources.ts';
import type { Json } from '../jsonColumn.ts';

interface SourcesTable {
  tenant: string;
  id: string;
  request: Json<SourceRequest>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface DiscoveredAddressesTable {
  tenant: string;
  job_id: string;
  address: string;
  depth: number;
  looked: Generated<boolean>;
  number: Generated<string>;
}

export interface SourceTables {
  sources: SourcesTable;
  discovered_addresses: DiscoveredAddressesTable;
}
