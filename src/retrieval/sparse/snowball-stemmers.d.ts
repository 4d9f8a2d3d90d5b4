declare module 'snowball-stemmers' {
  export interface SnowballStemmer {
    stem(word: string): string;
  }
  const factory: { newStemmer(language: string): SnowballStemmer; algorithms(): string[] };
  export = factory;
}
