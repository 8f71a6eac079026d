export const common = {
  again: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  loading: 'Loading',
  nothing: 'Nothing here yet.',
  save: 'Save',
  unreachable: 'The console does not answer. Check the connection and try again.',
};
