export { createPbxCommands, type PbxCommands, type PbxCommandsOptions, type PbxDialplan } from './commands.ts';
