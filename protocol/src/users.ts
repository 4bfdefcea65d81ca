import { z } from 'zod';
import { Id, line, text, Timestamp, words } from './scalars.js';
import { PageQuery, pageOf } from './pagination.js';

/** 3 to 50 letters, digits, `.`, `_` or `-` of any script; unique after Unicode case folding. */
export const Username = words({ min: 3, max: 50 }).regex(
  /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u,
  'must start with a letter or digit and hold only letters, digits, ".", "_" and "-"',
);
export const Email = text({ max: 254 }).regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/u, 'must be an e-mail address');
/** Longer passwords are refused before hashing, so that hashing time cannot be bought with bytes. */
export const Password = text({ min: 8, max: 128 });
const Phone = z.string().regex(/^\+[1-9][0-9]{6,14}$/, 'must be an international number such as +84901234567');
const FirstName = line({ max: 100 });
/** May be empty: many people have one name. */
const LastName = line({ min: 0, max: 100 });

export const Audience = z.enum(['everyone', 'contacts', 'nobody']);

/** Who may see or do what with this person. */
export const Privacy = z
  .strictObject({ lastSeen: Audience, profilePhoto: Audience, readReceipts: z.boolean(), addToGroups: Audience })
  .meta({ id: 'Privacy' });
export type Privacy = z.infer<typeof Privacy>;

export const Availability = z.enum(['online', 'away', 'busy', 'invisible']);

/** What a person says of themselves; `expiresAt` clears the text when it has passed. */
export const Status = z
  .object({ status: Availability, text: z.string().nullable(), expiresAt: Timestamp.nullable() })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof Status>;

/** What others see of a person. */
export const User = z
  .object({
    id: Id,
    username: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    displayName: z.string(),
    avatarUrl: z.string().nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

/** What a person sees of their own account. */
export const Profile = User.extend({
  email: z.string(),
  phone: z.string().nullable(),
  status: Status,
  privacy: Privacy,
  createdAt: Timestamp,
  updatedAt: Timestamp,
}).meta({ id: 'Profile' });
export type Profile = z.infer<typeof Profile>;

export const Register = z
  .strictObject({
    username: Username,
    email: Email,
    password: Password,
    firstName: FirstName,
    lastName: LastName,
    phone: Phone.optional(),
    deviceName: line({ max: 100 }).optional(),
  })
  .meta({ id: 'Register' });
export type Register = z.infer<typeof Register>;

/** Fields left out stay as they are; `phone: null` removes the number. */
export const UpdateProfile = z
  .strictObject({
    username: Username.optional(),
    firstName: FirstName.optional(),
    lastName: LastName.optional(),
    phone: Phone.nullable().optional(),
    privacy: Privacy.partial().optional(),
  })
  .meta({ id: 'UpdateProfile' });
export type UpdateProfile = z.infer<typeof UpdateProfile>;

export const DeleteProfile = z.strictObject({ password: text({ max: 1024 }) }).meta({ id: 'DeleteProfile' });
export type DeleteProfile = z.infer<typeof DeleteProfile>;

export const SetStatus = z
  .strictObject({ status: Availability, text: text({ max: 140 }).optional(), expiresAt: z.iso.datetime().optional() })
  .meta({ id: 'SetStatus' });
export type SetStatus = z.infer<typeof SetStatus>;

export const UserSearch = PageQuery.extend({ q: text({ max: 100 }) });
export type UserSearch = z.infer<typeof UserSearch>;
export const UserPage = pageOf(User).meta({ id: 'UserPage' });
