import { describe, expect, it } from 'vitest';
import { detectLanguage, languageOf } from '../../../src/language/detectLanguage.ts';
import { parseText } from '../documents/parsing.ts';

/** Short texts as they stand in documents. */
const texts: readonly (readonly [language: string, ...texts: string[]])[] = [
  ['en', 'The committee will meet on Thursday to discuss the budget for the coming year.', 'Please restart the server after you have changed its settings.', 'Chickens lay fewer eggs when the days grow short.'],
  ['de', 'Der Ausschuss trifft sich am Donnerstag, um über den Haushalt zu beraten.', 'Bitte starten Sie den Server neu, nachdem Sie die Einstellungen geändert haben.', 'Alle Mitarbeiter müssen im Gebäude ihren Ausweis tragen.'],
  ['fr', 'Le comité se réunira jeudi pour discuter du budget de l’année prochaine.', 'Veuillez redémarrer le serveur après avoir modifié ses réglages.', 'Tous les employés doivent porter leur badge dans le bâtiment.'],
  ['es', 'El comité se reunirá el jueves para discutir el presupuesto del próximo año.', 'Las gallinas ponen menos huevos cuando los días se acortan.', 'Todos los empleados deben llevar su tarjeta dentro del edificio.'],
  ['it', 'Il comitato si riunirà giovedì per discutere il bilancio del prossimo anno.', 'Le galline fanno meno uova quando le giornate si accorciano.', 'Tutti i dipendenti devono portare il badge all’interno dell’edificio.'],
  ['pt', 'O comité reunirá na quinta-feira para discutir o orçamento do próximo ano.', 'As galinhas põem menos ovos quando os dias ficam mais curtos.'],
  ['nl', 'De commissie vergadert donderdag over de begroting van het komende jaar.', 'Alle medewerkers moeten in het gebouw hun pas dragen.'],
  ['pl', 'Komisja zbierze się w czwartek, aby omówić budżet na przyszły rok.', 'Wszyscy pracownicy muszą nosić identyfikatory w budynku.'],
  ['ru', 'Комитет соберётся в четверг, чтобы обсудить бюджет на следующий год.', 'Все сотрудники обязаны носить пропуск в здании.'],
  ['uk', 'Комітет збереться у четвер, щоб обговорити бюджет на наступний рік.', 'Кури несуть менше яєць, коли дні стають коротшими.'],
  ['sv', 'Kommittén möts på torsdag för att diskutera nästa års budget.', 'Alla anställda måste bära sitt passerkort i byggnaden.'],
  ['tr', 'Komite gelecek yılın bütçesini görüşmek üzere perşembe günü toplanacak.'],
  ['ja', '委員会は木曜日に来年度の予算について話し合います。', '設定を変更した後、Serverを再起動してください。'],
  ['zh', '委员会将于星期四开会讨论明年的预算。', '更改设置后请重新启动服务器。'],
  ['ko', '위원회는 목요일에 내년도 예산을 논의할 예정입니다.', '설정을 변경한 후 Server를 다시 시작하십시오.'],
  ['ar', 'ستجتمع اللجنة يوم الخميس لمناقشة ميزانية العام المقبل.'],
  ['fa', 'کمیته روز پنجشنبه برای بررسی بودجه سال آینده تشکیل جلسه می‌دهد.'],
  ['he', 'הוועדה תתכנס ביום חמישי כדי לדון בתקציב לשנה הבאה.'],
  ['el', 'Η επιτροπή θα συνεδριάσει την Πέμπτη για τον προϋπολογισμό του επόμενου έτους.'],
  ['hi', 'समिति अगले वर्ष के बजट पर चर्चा के लिए गुरुवार को बैठक करेगी।'],
];

describe('the language of a text', () => {
  it.each(texts)('is told: %s', (language, ...samples) => {
    for (const sample of samples) expect(detectLanguage(sample), sample).toBe(language);
  });

  it('is left open where it is not certain', () => {
    for (const text of ['', 'Ok', '42', 'x = 12; y = 7', 'Müller Schmidt GmbH Berlin', 'kubectl get pods -n kube-system', 'TCP/IP HTTP REST JSON', 'SKU-88123 QTY 40 EUR 12.50 BIN C4', 'foo bar baz qux quux', 'INV 2023 Q4 NET GROSS TAX VAT', '東京', 'The cat sits at the window. Кошка сидит на окне.']) {
      expect(detectLanguage(text), text).toBeUndefined();
    }
  });

  it('is not taken for another by the names in English prose', () => {
    expect(detectLanguage('The Hansen, Jansen and van der Berg of the Veldhoven branch, with the Groenink and the Haverkamp of Nijverdal, are from Hoogeveen.')).toBeUndefined();
  });

  it('is English where much of it is English grammar, whatever else stands in it', () => {
    const names = 'The TAK1 and the MAP4K2 of Xenopus, with the Tenax, the Lumina and the Corvax of Velmora, are from the Hansen collection. ';
    expect(detectLanguage(names.repeat(1))).toBeUndefined();
    expect(detectLanguage(names + 'These have been kept with the Bellavista and the Lagoon of Porto Alba, and their labels are those of the Groenink and the Haverkamp, which were read by Jansen.')).toBe('en');
    expect(detectLanguage(`${'Der Ausschuss tagt am Donnerstag und berät über den Haushalt des kommenden Jahres, der noch offen ist. '.repeat(3)}The Lord of the Rings.`)).toBe('de');
  });

  it('is as declared, unless the letters are not of that language', () => {
    expect(languageOf('Please restart the server after you have changed its settings.', 'de-AT')).toBe('de-AT');
    expect(languageOf('위원회는 목요일에 내년도 예산을 논의할 예정입니다.', 'en-US')).toBe('ko');
    expect(languageOf('委員会は木曜日に来年度の予算について話し合います。', 'ja-JP')).toBe('ja-JP');
    expect(languageOf('Комитет соберётся в четверг.', 'x-invalid-tag-of-no-language')).toBe('x-invalid-tag-of-no-language');
  });

  it('becomes that of a document which does not say it', async () => {
    expect((await parseText('Bitte starten Sie den Server neu, nachdem Sie die Einstellungen geändert haben.')).language).toBe('de');
    expect((await parseText('<html lang="fr"><body><p>Please restart the server after you have changed its settings.</p></body></html>', 'text/html')).language).toBe('fr');
    expect((await parseText('Ok')).language).toBeUndefined();
  });
});
