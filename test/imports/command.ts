import { spawn } from 'node:child_process'
import { makeIccid, makeImei } from '../../seeds/identifiers.ts'

const root = new URL('../../', import.meta.url).pathname
/** Says at the end how much memory the process took at most, and how long it worked: waiting for others is not counted. */
const sayCost =
  'data:text/javascript,process.on("exit",()=>{const{maxRSS,userCPUTime,systemCPUTime}=process.resourceUsage();console.error("COST "+maxRSS+" "+(userCPUTime+systemCPUTime)/1e6)})'

/** Runs `npm run import` as somebody at a terminal would. */
export async function runImport(args: string[], environment: NodeJS.ProcessEnv) {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['--import', sayCost, 'src/commands/import.ts', ...args], {
    cwd: root,
    env: { PATH, HOME, ...environment },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  const lines = out.trimEnd().split('\n')
  const [, kilobytes, seconds] = /COST (\d+) ([\d.]+)/.exec(err) ?? []
  return { code, lines, last: lines.at(-1), err, kilobytes: Number(kilobytes), seconds: Number(seconds) }
}

/** The lines of a spreadsheet with everything that can be said of an item. */
export function manyItems(count: number): string[] {
  const headings =
    'Asset tag,Category,Maker,Model,Serial number,IMEI,SIM number (ICCID),Kept at,Bought on,Cost,Order number,Notes'
  const rows = Array.from(
    { length: count },
    (_, n) =>
      `M-${n},Tablet,Samsung,Tab ${n % 40},S${n},${makeImei(n)},${makeIccid(n)},${n % 2 ? 'ash' : 'Birch Ward'},${(n % 28) + 1}/3/2024,${n % 300}.99,PO-${n % 100},"Item ${n}, with a note"`,
  )
  return [headings, ...rows]
}
