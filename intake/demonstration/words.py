"""Invented people and invented words for a demonstration."""

from intake.services.cases.words import Answer

# So many that every page and every quarter has something to tell, and no more: somebody waits for the first page.
OFFICERS = (
    ("officer@demonstration.example", "Maya Okafor", "complaints-officer"),
    ("manager@demonstration.example", "Tom Hendry", "complaints-manager"),
    ("monitoring@demonstration.example", "Ruth Adeyemi", "monitoring-officer"),
    ("deputy@demonstration.example", "Piotr Lis", "deputy-monitoring-officer"),
    ("alternate@demonstration.example", "Helen Marsh", "alternate-recipient"),
    ("senior@demonstration.example", "Anil Rao", "senior-officer"),
    ("auditor@demonstration.example", "Grace Bell", "auditor"),
    ("investigator@demonstration.example", "Iris Kemp", "investigator"),
)
NUMBERS = {
    "corporate": 76,
    "children-statutory": 28,
    "adult-social-care": 10,
    "public-health": 4,
    "data-protection": 5,
    "mp-enquiry": 28,
    "councillor-enquiry": 12,
    "general-enquiry": 18,
    "service-request": 8,
    "suggestion": 5,
    "ombudsman-enquiry": 9,
    "compliment": 34,
    "whistleblowing": 12,
}
FIRST_NAMES = [
    "Amira",
    "Bela",
    "Caleb",
    "Dorota",
    "Ewan",
    "Farah",
    "Gareth",
    "Hana",
    "Imran",
    "Joyce",
    "Kofi",
    "Lena",
    "Marek",
    "Nadia",
    "Owen",
    "Priya",
    "Quentin",
    "Rosa",
    "Samir",
    "Tomasz",
    "Uche",
    "Vera",
    "Wendy",
    "Yusuf",
    "Zofia",
]
LAST_NAMES = [
    "Abara",
    "Birch",
    "Chowdhury",
    "Dale",
    "Ellery",
    "Fenwick",
    "Garrow",
    "Hallam",
    "Ives",
    "Jarvis",
    "Kowal",
    "Lister",
    "Marsh",
    "Nwosu",
    "Orchard",
    "Pell",
    "Quayle",
    "Rashid",
    "Sandell",
    "Thorne",
    "Underhill",
    "Vesey",
    "Whitlam",
    "Yates",
    "Zieba",
]

COMPLAINTS = {
    "SEND assessment": (
        "My son's needs assessment was due in the spring. Every time I ring I am told it is with the panel. He has "
        "now missed most of a term because the school cannot put the support in place without it.",
        "The draft plan came with another child's name on the second page and leaves out the speech therapist's "
        "report altogether. I wrote about it and nobody has answered.",
    ),
    "Education transport": (
        "The taxi for my daughter has been late on eleven mornings this term. She arrives upset and misses "
        "registration. The contractor says to ring the council and the council says to ring the contractor.",
        "We were told the transport would stop because the walking route is safe. It has no pavement for half a "
        "mile and the panel did not visit it.",
    ),
    "Libraries and archives": (
        "The library in the village has been shut on four Saturdays without a notice. My mother takes the bus to it, "
        "and stood before a locked door each time.",
        "I was promised a call back about the lift within two days. It is three weeks now and I cannot carry the "
        "pushchair up to the children's books.",
    ),
    "Recycling centres": (
        "I was turned away three times although I had booked. The page said that my booking was good.",
        "There was broken glass all over the ramp, and the man in charge walked off when I pointed at it.",
    ),
    "Births, deaths and marriages": (
        "I paid for two certificates in May and have rung five times. I have the bank's confirmation and have sent it "
        "twice.",
        "The day of our ceremony was given to somebody else. We found out when the invitations had gone.",
    ),
    "Roads and pavements": (
        "The pothole outside the school has been marked with paint since March. Two bicycles went over in it last "
        "week.",
        "The drain outside floods the footpath whenever it rains. I reported it in January and again in March.",
    ),
    "School admissions": (
        "The appeal hearing was moved twice and the papers came the evening before. We had no time to read them.",
    ),
}
CHANNELS = ("online", "online", "online", "email", "phone", "letter")
SERVICES = {  # of procedures that belong to one
    "children-statutory": "Children's social care",
    "adult-social-care": "Adult social care",
    "public-health": "Public health",
}
CHILDRENS = (
    "The social worker changed four times this year and each one asked me to tell everything again. What I said "
    "at the last meeting is not in the notes.",
    "My contact with my brother was stopped and nobody told me why. I am in care and I want somebody to listen.",
    "The assessment says that I refused help. I asked for it three times and can show the messages.",
    "The foster placement ended with two hours' notice. The children's things came in bin bags.",
)
ADULTS = (
    "My mother's carers come at eleven instead of eight and stay ten minutes. She has gone without breakfast.",
    "The care plan was cut after a telephone call. Nobody came to see my husband before it was decided.",
)
PUBLIC_HEALTH = (
    "The health visitor was to come at six weeks. Our daughter is nine months old now and nobody has been.",
    "The stop smoking course was cancelled on the morning of the first evening, for the second time.",
)
DATA = (
    "A letter about my daughter's assessment was sent to my former address and read by my former husband.",
)
MP = (
    "My constituent has waited nine months for the outcome of an assessment and asks for a date. I enclose her "
    "letter and would be glad of your comments.",
    "I write for a family whose school transport was withdrawn in September. Please explain how it was decided.",
)
COUNCILLOR = (
    "A resident in my ward asks when the crossing by the school will be repaired. What can I tell them?",
    "Please let me know how many families in the ward wait for an assessment, and how long on average.",
)
ENQUIRIES = (
    "I asked for a larger recycling bin in August. Could you tell me when it will come?",
    "Which form do I need to change the name on my daughter's school record?",
    "I applied for a short break in June and have heard nothing. Is it still being looked at?",
)
REQUESTS = (
    "I asked in September for a dropped kerb outside my mother's house and have heard nothing since.",
    "The street light outside number 14 has been out for three weeks. I have told you twice.",
)
SUGGESTIONS = (
    "Could the library open on one evening a week? Those of us who work never see it.",
    "I think it wrong that the charging policy counts a disability payment as income. Please look at it again.",
)
COMPLIMENTS = (
    "Thank you to the officer who stayed on the line with my father until the ambulance came. It meant a great deal.",
    "The family worker listened, came back when she said she would, and got us the school place. Thank you.",
    "The crew moved my bins back after the storm without being asked.",
)
OMBUDSMAN = (
    "The Ombudsman asks for the council's comments and papers on a complaint about delay in an assessment.",
    "The Ombudsman has decided to look into a complaint about school transport and sends questions.",
)
CONCERNS = (
    "Timesheets for one team are signed for shifts that nobody worked. It has gone on since the summer and the "
    "person who signs knows it.",
    "Risk assessments for a home were dated before the visits took place. I was asked to sign one.",
    "A contractor's invoices are split so that each stays below the limit at which three quotes are needed.",
    "Staff on nights are fewer than the rota that inspectors are shown. Somebody will be hurt.",
)
CATEGORIES = dict(
    zip(CONCERNS, ("criminal-offence", "concealment", "legal-obligation", "health-and-safety"), strict=True)
)

ACKNOWLEDGEMENTS = (
    "Thank you for writing to us. We have read what you say, and will write to you when we have looked into it.",
)
ANSWERS = (
    "We looked into each point you raised, spoke with the service and read its records. We are sorry for the delay "
    "and the way we kept you informed. The service will put it right within four weeks and write to you when it has.",
    "We looked into what you say and found that the decision was made as the policy says, on what was known then. "
    "We understand that this is not what you hoped for, and explain below how it was reached.",
)
EXTENSIONS = (
    "We need to speak with a member of staff who is away, and will not guess at what they would say.",
    "The records are with another organisation, which has promised them for next week.",
)
NEXT_STAGE_REASONS = (
    "The answer does not deal with the missed appointments, which were the heart of it.",
    "I was told that it would be put right within four weeks and nothing has happened.",
)
HOLDER_MESSAGES = (
    "Can you tell me whether you have spoken with the school yet?",
    "I have found the letter I mentioned. It is dated 3 March.",
)
NOTES = ("Rang the service manager; notes to follow by Friday.", "Records asked for. Chase on Monday.")

THEMES = (
    "Delay",
    "Communication",
    "Quality of service",
    "Decision disputed",
    "Staff conduct",
    "Something else",
)
# What is sent in, by procedure; complaints about services stand by their service.
TOLD = {
    "children-statutory": CHILDRENS,
    "adult-social-care": ADULTS,
    "public-health": PUBLIC_HEALTH,
    "data-protection": DATA,
    "mp-enquiry": MP,
    "councillor-enquiry": COUNCILLOR,
    "general-enquiry": ENQUIRIES,
    "service-request": REQUESTS,
    "suggestion": SUGGESTIONS,
    "ombudsman-enquiry": OMBUDSMAN,
    "compliment": COMPLIMENTS,
    "whistleblowing": CONCERNS,
}
# What is asked beside the words, of those who write for others.
MORE = {
    "mp-enquiry": (
        Answer("Your constituent's name", "Joyce Pell"),
        Answer("Did they agree that you write for them?", "Yes, they agreed"),
    ),
    "councillor-enquiry": (
        Answer("Your constituent's name", "Marek Ash"),
        Answer("Did they agree that you write for them?", "I have not asked them yet"),
    ),
    "ombudsman-enquiry": (Answer("The Ombudsman's reference", "25 001 002"),),
}
