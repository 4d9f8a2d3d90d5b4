import { basename, extname } from 'node:path';

type InlineMediaType = 'text/markdown' | 'text/plain' | 'text/html';

/** Types that ingestion reads and that may go inline when they are small, by extension. */
const inlineTypes = new Map<string, InlineMediaType>([
  ['.md', 'text/markdown'],
  ['.markdown', 'text/markdown'],
  ['.mdx', 'text/markdown'],
  ['.txt', 'text/plain'],
  ['.text', 'text/plain'],
  ['.html', 'text/html'],
  ['.htm', 'text/html'],
  ['.xhtml', 'text/html'],
]);

const documentExtensions = ['.pdf', '.docx', '.pptx', '.xlsx', '.csv', '.tsv', '.epub', '.eml', '.json', '.geojson', '.jsonl', '.ndjson'];

/** Source code; the server tells the language by the name of the file. A test compares this with what the server knows. */
const codeExtensions = [
  '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.py', '.pyi', '.pyw', '.java', '.kt', '.kts', '.scala', '.sc', '.groovy', '.gradle', '.c', '.h', '.cpp', '.cc', '.cxx', '.hpp', '.hh', '.hxx',
  '.cs', '.m', '.mm', '.go', '.rs', '.swift', '.rb', '.rake', '.gemspec', '.php', '.pl', '.pm', '.lua', '.r', '.jl', '.dart', '.ex', '.exs', '.erl', '.hrl', '.hs', '.clj', '.cljs', '.cljc', '.ml', '.mli', '.fs',
  '.fsx', '.zig', '.sql', '.sh', '.bash', '.zsh', '.ps1', '.psm1', '.css', '.scss', '.sass', '.less', '.vue', '.svelte', '.yaml', '.yml', '.toml', '.jsonc', '.json5', '.proto', '.graphql', '.gql', '.tf', '.hcl',
  '.dockerfile', '.mk', '.cmake',
];
const codeFileNames: ReadonlySet<string> = new Set(['Gemfile', 'Rakefile', 'Dockerfile', 'Containerfile', 'Makefile', 'GNUmakefile']);

/** Extensions of the files that are taken from folders. */
export const supportedExtensions = [...inlineTypes.keys(), ...documentExtensions, ...codeExtensions];
const supported: ReadonlySet<string> = new Set(supportedExtensions);

export function isSupported(path: string): boolean {
  return supported.has(extname(path).toLowerCase()) || codeFileNames.has(basename(path));
}

export function inlineMediaType(path: string): InlineMediaType | undefined {
  return basename(path) === 'CMakeLists.txt' ? undefined : inlineTypes.get(extname(path).toLowerCase());
}
