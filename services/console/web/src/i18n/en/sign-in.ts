export const signIn = {
  title: 'Sign in',
  username: 'Username',
  password: 'Password',
  tenant: 'Tenant',
  tenantHelp: 'Only where your username exists in several.',
  submit: 'Sign in',
  refused: {
    password: 'The username or password is not right. Where several tenants have the username, name the tenant too.',
    token: 'This API token is not known.',
    limited: 'Too many wrong passwords. Wait a few minutes and try again.',
  },
  withToken: 'Sign in with an API token',
  withPassword: 'Sign in with a password',
  token: 'API token',
  tokenHelp: 'A token with the scope sessions:read shows the calls, one with admin everything.',
};
