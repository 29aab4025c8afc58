import type { Category } from '../../src/items/rules.ts'

/** A model as its maker sells it, and how many of it the two organisations bought. */
export interface CatalogueEntry {
  category: Category
  maker: string
  name: string
  operatingSystem: string
  /** Days from today until the operating system gets no more updates: a case for every warning. */
  supportedForDays: number | null
  connector: string | null
  cableCm: number | null
  isSuitableForVideo: boolean | null
  pence: number
  demo: number
  other: number
}

/** 370 items for DEMO and 30 for OTHER, in the order of the categories. */
const table = `
category     | maker          | name                           | system     | days | connector | cm  | video | pence | demo | other
tablet       | Apple          | iPad (9th generation)          | iPadOS 18  | 640  | lightning |     | yes   | 36900 | 20   | 3
tablet       | Apple          | iPad (6th generation)          | iPadOS 17  | -210 | lightning |     | yes   | 31900 | 5    | 1
tablet       | Samsung        | Galaxy Tab A9+                 | Android 15 | 980  | usb-c     |     | yes   | 25900 | 19   | 4
tablet       | Samsung        | Galaxy Tab A7                  | Android 12 | 52   | usb-c     |     | yes   | 20900 | 7    | 0
tablet       | Lenovo         | Tab M10 (3rd Gen)              | Android 13 | 295  | usb-c     |     | yes   | 17900 | 8    | 0
tablet       | Amazon         | Fire HD 8                      | Fire OS 7  | -35  | micro-usb |     | no    | 8900  | 3    | 0
smartphone   | Samsung        | Galaxy A15                     | Android 15 | 1010 | usb-c     |     | yes   | 16900 | 18   | 4
smartphone   | Motorola       | Moto G24                       | Android 14 | 430  | usb-c     |     | yes   | 9900  | 14   | 0
smartphone   | Apple          | iPhone SE (2nd generation)     | iOS 18     | 84   | lightning |     | yes   | 24900 | 8    | 0
smartphone   | Nokia          | 2.4                            | Android 11 | -400 | micro-usb |     | no    | 7900  | 4    | 0
laptop       | Acer           | Chromebook 314                 | ChromeOS   | 1420 | usb-c     |     | yes   | 24900 | 14   | 2
laptop       | Lenovo         | 14e Chromebook                 | ChromeOS   | 76   | usb-c     |     | yes   | 22900 | 9    | 0
laptop       | HP             | Stream 14                      | Windows 11 | 560  | usb-c     |     | yes   | 27900 | 7    | 0
hotspot      | TP-Link        | M7350                          |            |      | micro-usb |     |       | 5900  | 12   | 1
hotspot      | Huawei         | E5783                          |            |      | usb-c     |     |       | 6900  | 8    | 0
sim          | Example Mobile | Data SIM, 20 GB a month        |            |      |           |     |       | 0     | 30   | 2
sim          | Sample Telecom | Data SIM, 40 GB a month        |            |      |           |     |       | 0     | 20   | 1
charger      | Anker          | USB-C charger, 1 m cable       |            |      | usb-c     | 100 |       | 1499  | 40   | 4
charger      | Anker          | USB-C charger, 2 m cable       |            |      | usb-c     | 200 |       | 1799  | 12   | 0
charger      | Belkin         | USB-C charger, 25 cm cable     |            |      | usb-c     | 25  |       | 1299  | 10   | 0
charger      | Apple          | Lightning charger, 1 m cable   |            |      | lightning | 100 |       | 1900  | 26   | 3
charger      | Belkin         | Lightning charger, 15 cm cable |            |      | lightning | 15  |       | 1499  | 4    | 0
charger      | Amazon         | Micro-USB charger, 1 m cable   |            |      | micro-usb | 100 |       | 999   | 12   | 1
headset      | Logitech       | Zone 300                       |            |      | wireless  |     |       | 5499  | 14   | 2
headset      | Jabra          | Evolve2 30                     |            |      | usb-c     | 150 |       | 6999  | 12   | 0
accessory    | Logitech       | Keys-To-Go keyboard            |            |      | wireless  |     |       | 5999  | 6    | 0
accessory    | Twelve South   | Compass Pro tablet stand       |            |      |           |     |       | 4999  | 5    | 0
accessory    | OtterBox       | Defender tablet case           |            |      |           |     |       | 4499  | 5    | 0
locker-bay   | LapSafe        | Charging locker bay, USB-C     |            |      | usb-c     | 20  |       | 9900  | 8    | 1
locker-bay   | LapSafe        | Charging locker bay, Lightning |            |      | lightning | 20  |       | 9900  | 4    | 0
private-room |                | Quiet room with a screen       |            |      |           |     | yes   | 0     | 3    | 1
private-room |                | Quiet room                     |            |      |           |     | no    | 0     | 3    | 0
`

export const catalogue: CatalogueEntry[] = table.trim().split('\n').slice(1).map(readEntry)

function readEntry(line: string): CatalogueEntry {
  const cells = line.split('|').map((cell) => cell.trim())
  const [category, maker, name, operatingSystem, days, connector, cm, video, pence, demo, other] = cells as string[]
  const numberIn = (cell = '') => (cell === '' ? null : Number(cell))
  return {
    category: category as Category,
    maker: maker!,
    name: name!,
    operatingSystem: operatingSystem!,
    supportedForDays: numberIn(days),
    connector: connector || null,
    cableCm: numberIn(cm),
    isSuitableForVideo: video ? video === 'yes' : null,
    pence: Number(pence),
    demo: Number(demo),
    other: Number(other),
  }
}
