/** Who changed something, as the history of the configuration tells it: `token:<id>`, or `user:<id>` of a log-in. */
export const actorOf = (tokenId: string): string => (tokenId.startsWith('user:') ? tokenId : `token:${tokenId}`);
