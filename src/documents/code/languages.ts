/** A language that source code is written in. */
export interface SourceLanguage {
  readonly name: string;
  readonly mediaType: string;
  readonly extensions: readonly string[];
  /** Files that have a name of their own instead of an extension. */
  readonly fileNames?: readonly string[];
  /** Programs that a first line such as `#!/usr/bin/env python3` names. */
  readonly interpreters?: readonly string[];
}

export const sourceLanguages: readonly SourceLanguage[] = [
  { name: 'TypeScript', mediaType: 'text/x-typescript', extensions: ['ts', 'tsx', 'mts', 'cts'], interpreters: ['deno', 'tsx', 'ts-node'] },
  { name: 'JavaScript', mediaType: 'text/javascript', extensions: ['js', 'jsx', 'mjs', 'cjs'], interpreters: ['node'] },
  { name: 'Python', mediaType: 'text/x-python', extensions: ['py', 'pyi', 'pyw'], interpreters: ['python'] },
  { name: 'Java', mediaType: 'text/x-java', extensions: ['java'] },
  { name: 'Kotlin', mediaType: 'text/x-kotlin', extensions: ['kt', 'kts'] },
  { name: 'Scala', mediaType: 'text/x-scala', extensions: ['scala', 'sc'] },
  { name: 'Groovy', mediaType: 'text/x-groovy', extensions: ['groovy', 'gradle'] },
  { name: 'C', mediaType: 'text/x-c', extensions: ['c', 'h'] },
  { name: 'C++', mediaType: 'text/x-c++', extensions: ['cpp', 'cc', 'cxx', 'hpp', 'hh', 'hxx'] },
  { name: 'C#', mediaType: 'text/x-csharp', extensions: ['cs'] },
  { name: 'Objective-C', mediaType: 'text/x-objective-c', extensions: ['m', 'mm'] },
  { name: 'Go', mediaType: 'text/x-go', extensions: ['go'] },
  { name: 'Rust', mediaType: 'text/x-rust', extensions: ['rs'] },
  { name: 'Swift', mediaType: 'text/x-swift', extensions: ['swift'] },
  { name: 'Ruby', mediaType: 'text/x-ruby', extensions: ['rb', 'rake', 'gemspec'], fileNames: ['Gemfile', 'Rakefile'], interpreters: ['ruby'] },
  { name: 'PHP', mediaType: 'text/x-php', extensions: ['php'], interpreters: ['php'] },
  { name: 'Perl', mediaType: 'text/x-perl', extensions: ['pl', 'pm'], interpreters: ['perl'] },
  { name: 'Lua', mediaType: 'text/x-lua', extensions: ['lua'], interpreters: ['lua'] },
  { name: 'R', mediaType: 'text/x-r', extensions: ['r'], interpreters: ['Rscript'] },
  { name: 'Julia', mediaType: 'text/x-julia', extensions: ['jl'], interpreters: ['julia'] },
  { name: 'Dart', mediaType: 'text/x-dart', extensions: ['dart'] },
  { name: 'Elixir', mediaType: 'text/x-elixir', extensions: ['ex', 'exs'], interpreters: ['elixir'] },
  { name: 'Erlang', mediaType: 'text/x-erlang', extensions: ['erl', 'hrl'], interpreters: ['escript'] },
  { name: 'Haskell', mediaType: 'text/x-haskell', extensions: ['hs'], interpreters: ['runhaskell'] },
  { name: 'Clojure', mediaType: 'text/x-clojure', extensions: ['clj', 'cljs', 'cljc'] },
  { name: 'OCaml', mediaType: 'text/x-ocaml', extensions: ['ml', 'mli'] },
  { name: 'F#', mediaType: 'text/x-fsharp', extensions: ['fs', 'fsx'] },
  { name: 'Zig', mediaType: 'text/x-zig', extensions: ['zig'] },
  { name: 'SQL', mediaType: 'application/sql', extensions: ['sql'] },
  { name: 'Shell', mediaType: 'text/x-shellscript', extensions: ['sh', 'bash', 'zsh'], interpreters: ['sh', 'bash', 'zsh', 'dash', 'ksh'] },
  { name: 'PowerShell', mediaType: 'text/x-powershell', extensions: ['ps1', 'psm1'], interpreters: ['pwsh'] },
  { name: 'CSS', mediaType: 'text/css', extensions: ['css', 'scss', 'sass', 'less'] },
  { name: 'Vue', mediaType: 'text/x-vue', extensions: ['vue'] },
  { name: 'Svelte', mediaType: 'text/x-svelte', extensions: ['svelte'] },
  { name: 'YAML', mediaType: 'application/yaml', extensions: ['yaml', 'yml'] },
  { name: 'TOML', mediaType: 'application/toml', extensions: ['toml'] },
  { name: 'JSON with comments', mediaType: 'application/json5', extensions: ['jsonc', 'json5'] },
  { name: 'Protocol Buffers', mediaType: 'text/x-protobuf', extensions: ['proto'] },
  { name: 'GraphQL', mediaType: 'application/graphql', extensions: ['graphql', 'gql'] },
  { name: 'Terraform', mediaType: 'text/x-terraform', extensions: ['tf', 'hcl'] },
  { name: 'Dockerfile', mediaType: 'text/x-dockerfile', extensions: ['dockerfile'], fileNames: ['Dockerfile', 'Containerfile'] },
  { name: 'Makefile', mediaType: 'text/x-makefile', extensions: ['mk'], fileNames: ['Makefile', 'GNUmakefile'] },
  { name: 'CMake', mediaType: 'text/x-cmake', extensions: ['cmake'], fileNames: ['CMakeLists.txt'] },
];

/** Other names that servers and browsers give to the types above. */
const otherNames: Readonly<Record<string, string>> = {
  'application/javascript': 'text/javascript', 'application/x-javascript': 'text/javascript', 'application/ecmascript': 'text/javascript', 'application/typescript': 'text/x-typescript', 'text/typescript': 'text/x-typescript',
  'application/x-python-code': 'text/x-python', 'text/x-script.python': 'text/x-python', 'application/x-sh': 'text/x-shellscript', 'application/x-httpd-php': 'text/x-php', 'application/x-php': 'text/x-php',
  'application/x-sql': 'application/sql', 'text/x-sql': 'application/sql', 'text/yaml': 'application/yaml', 'application/x-yaml': 'application/yaml', 'text/x-yaml': 'application/yaml', 'text/x-java-source': 'text/x-java',
  'text/x-csrc': 'text/x-c', 'text/x-c++src': 'text/x-c++', 'application/x-perl': 'text/x-perl', 'application/x-ruby': 'text/x-ruby',
};

export function languageOfMediaType(mediaType: string): SourceLanguage | undefined {
  const name = otherNames[mediaType] ?? mediaType;
  return sourceLanguages.find((language) => language.mediaType === name);
}

/** The language that the name of a file tells, path or not. */
export function languageOfFileName(fileName: string): SourceLanguage | undefined {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  const extension = /\.([a-z0-9]+)$/i.exec(base)?.[1]?.toLowerCase();
  return sourceLanguages.find(({ fileNames }) => fileNames?.includes(base)) ?? sourceLanguages.find(({ extensions }) => extension !== undefined && extensions.includes(extension));
}

/** The language of a script that names its interpreter in the first line, directly or by `env`. */
export function languageOfShebang(text: string): SourceLanguage | undefined {
  const line = /^#!([^\n]{1,200})/.exec(text)?.[1];
  const [program = '', ...others] = line?.trim().split(/\s+/).map((word) => word.slice(word.lastIndexOf('/') + 1)) ?? [];
  const named = program === 'env' ? others.find((word) => !word.startsWith('-') && !word.includes('=')) : program;
  const name = named?.replace(/[\d.]+$/, '');
  return sourceLanguages.find(({ interpreters }) => name !== undefined && interpreters?.includes(name) === true);
}
