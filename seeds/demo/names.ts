/** Names that nobody could take for a real person's. */

const firstNames = words(`
  Ada Bram Chidi Dilys Emeka Fatima Gethin Harpreet Ines Jamal Kasia Leroy Mei Nadia Owen Priya Quentin Rosa
  Samira Tomasz Uma Viktor Winston Xanthe Yusuf Zofia Abena Bilal Cerys Desmond Elif Femi Grace Hamish Imran Joyce
  Kwame Lakshmi Marlon Nimmi Olu Pearl Rashid Shanice Tegan Usman Vera Wojtek Yasmin Zainab
`)

const surnames = words(`
  Example Sample Demo-Person Invented Placeholder Pretend Fictional Imaginary Made-Upson Testerly Mockford Notreal
  Specimen Storybook Makebelieve Exampleton Samplewood Fableworth Standin Prototype Template Rehearsal Trial-Run
`)

/** Names that a page must be able to show: very long ones, letters with marks, and scripts written from the right. */
const unusualNames = [
  'Zoë Exämple-Müster',
  'Łukasz Przykładowy',
  'Nguyễn Thị Ví Dụ',
  'ليلى مثال',
  'דנה לדוגמה',
  'فرهاد نمونه',
  'Siân Enghraifft-Ddychmygol',
  'Þórunn Sýnishornsdóttir',
  'Langerbeispielname-Musterperson-Placeholder-Demonstration',
  'Maria Aparecida da Conceição dos Santos Exemplo Inventado de Demonstração',
  'Alexandrina Sample-of-a-Person-with-a-Very-Long-Name-That-Wraps-on-Every-Screen',
  'Əli Nümunəvi',
  "Aoife O'Sampla",
  'Jo X',
]

/**
 * As many different names as asked for, up to 1,150. The lists' lengths have no common divisor, so the pairs of first
 * and last name begin again only after every one has come.
 */
export function inventNames(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => {
    const number = from + at
    const every = 10
    const unusual = number % every === every - 1 ? unusualNames[(number - every + 1) / every] : undefined
    return unusual ?? `${firstNames[number % firstNames.length]} ${surnames[number % surnames.length]}`
  })
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
