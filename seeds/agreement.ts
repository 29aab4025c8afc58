/** Version 1 of the agreement that people accept when they borrow. Blank lines divide paragraphs. */
export const firstAgreement = `What you are borrowing
You are borrowing the things named on this page. They still belong to us. You can use them to talk to your care team, and for anything else that helps you: shopping, learning, keeping in touch.

How long you can keep them
You can keep them until the date on this page. Near that date we will talk with you about what happens next. If you need them for longer, tell us. We will always try to find a way.

Looking after them
Keep them safe and dry. Use the charger we gave you. Choose a PIN or password that other people cannot guess, and do not share it. You may let someone you trust help you use them.

If something breaks or goes missing
You do not have to pay if something breaks, is lost or is stolen. Please tell us as soon as you can. We will help you find another way to reach us, and we can lock the device so that nobody sees your things.

What we can and cannot see
We do not look at your messages, your photos or the websites you visit. If a device comes with mobile data, we can see how much data is used, so that we can tell you before it runs out.

Before you bring them back
Save the photos and files you want to keep. Sign out of your email and your other accounts. Delete what is yours. If you are not sure how, ask us and we will do it together. When we have them back we wipe everything, and it cannot be recovered.

Who to ask
Ask the person who lent you these things. Their name and email address are on this page. If you cannot reach them, ask any member of your care team to call for you.`

/** How many weeks a loan begins with, for any category, until an organisation sets its own. */
export const firstLoanWeeks = 12
