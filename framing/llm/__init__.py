"""Language models behind an endpoint with the OpenAI chat interface: prompts, requests, answers, costs."""
