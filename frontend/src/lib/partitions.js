// Why it exists: data is divided into the group's and each branch's, and a partition's name says whose it is (SYNC.md,
// Partitions). The Python twin is in backend/sync/people.py.

/** What belongs to no branch. */
export const GROUP = "GRP";
const EVERYWHERE = "*";

/** The partition of a branch's data. @param {string} code @returns {string} */
export const partOf = (code) => `B:${code}`;

/** The branch code of a partition; `*` for the group's. @param {string} part @returns {string} */
export const branchOf = (part) => (part.startsWith("B:") ? part.slice(2) : EVERYWHERE);

/** The codes of the branches in a scope. @param {string[]} scope @returns {string[]} */
export const branchesIn = (scope) => scope.map(branchOf).filter((code) => code !== EVERYWHERE);
