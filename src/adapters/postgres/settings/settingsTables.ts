import type { Generated } from 'kysely';
import type { SearchSettings } from '../../../contracts/searchSettings.ts';
import type { Synonyms } from '../../../contracts/synonyms.ts';
import type { Json } from '../jsonColumn.ts';

interface SynonymsTable {
  tenant: string;
  synonyms: Json<Synonyms>;
  updated_at: Generated<Date>;
}

interface SearchSettingsTable {
  tenant: string;
  settings: Json<SearchSettings>;
  revision: string;
  updated_at: Generated<Date>;
}

export interface SettingsTables {
  synonyms: SynonymsTable;
  search_settings: SearchSettingsTable;
}
