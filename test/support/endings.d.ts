type Ending = () => Promise<void> | void

export declare const atTestEnd: Ending[]
export declare const atRunEnd: Ending[]

export declare function afterEveryTest(ending: Ending): void

export declare function afterTheRun(ending: Ending): void
