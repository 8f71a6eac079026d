export const adminPeople = {
  roles: { agent: 'Agent', supervisor: 'Supervisor', admin: 'Administrator' },
  roleHelp: {
    agent: 'Own desk only: the calls of one agent.',
    supervisor: 'Sees all calls and their stories.',
    admin: 'May do everything, this administration included.',
  },
  user: {
    username: 'Username',
    usernameHelp: 'What is typed to sign in. It belongs to one person only.',
    role: 'Role',
    agent: 'Agent',
    agentHelp: 'Whose calls appear at the desk.',
    disabled: 'Disabled',
    disabledHelp: 'Cannot sign in, and is signed out at once.',
    state: 'State',
    enabled: 'Enabled',
    password: 'Set a password',
    newPassword: 'New password',
    passwordHelp: 'At least 10 characters. It ends every session of this person.',
    passwordSet: 'The password was set.',
    passwordFirst: 'Save the user first; then a password can be set here.',
  },
};
