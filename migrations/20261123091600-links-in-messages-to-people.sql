-- A message to a person may hold a link that needs no sign-in, as the question how it is going does. Then its words are emptied
-- once it is sent, like those of a link to set a password.
alter table messages drop constraint nothing_secret_goes_to_a_person;
