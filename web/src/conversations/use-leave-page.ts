import { useMatchRoute, useNavigate } from '@tanstack/react-router';

/** Goes home from the page of a conversation that its reader has left or deleted, should that be the one shown. */
export function useLeavePage(): (conversationId: string) => void {
  const navigate = useNavigate();
  const matchRoute = useMatchRoute();
  return (conversationId) => {
    if (matchRoute({ to: '/c/$conversationId', params: { conversationId } })) void navigate({ to: '/', replace: true });
  };
}
