-- The unique key of organisation and number serves the list backwards too: every loan was written into a second index like it.
drop index loans_by_organisation;
