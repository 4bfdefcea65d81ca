import type { DeleteProfile, Page, Profile, SetStatus, UpdateProfile, User } from '@parley/protocol';
import type { Call, PageOptions } from './call.js';

/** One's own account, and other people. */
export const usersApi = (call: Call) => ({
  profile: (): Promise<Profile> => call({ method: 'GET', path: '/users/profile' }),
  updateProfile: (body: UpdateProfile): Promise<Profile> => call({ method: 'PUT', path: '/users/profile', body }),
  deleteAccount: (body: DeleteProfile): Promise<void> => call({ method: 'DELETE', path: '/users/profile', body }),
  setStatus: (body: SetStatus): Promise<Profile> => call({ method: 'PUT', path: '/users/status', body }),
  search: (q: string, page: PageOptions = {}): Promise<Page<User>> =>
    call({ method: 'GET', path: '/users/search', query: { q, ...page } }),
  get: (id: string): Promise<User> => call({ method: 'GET', path: `/users/${id}` }),
});
