/** Why a request is refused with OVERLOADED: as many wait as may; it waited too long; it gave way to another tenant's. */
export type RefusalCause = 'full' | 'waited' | 'displaced';
