"""The addresses that programs ask for: feeds, sitemaps, robots.txt, OpenSearch, plain variants of pages, embeds, snapshots."""

from django.urls import path

from papers import embeds, feeds, opensearch, plain_pages, sitemaps, snapshot_pages

urlpatterns = [
    path("feeds/papers.atom", feeds.papers_feed, name="papers-feed"),
    path("feeds/latest.atom", feeds.papers_feed, name="latest-feed"),
    path("feeds/authors/<str:public_id>.atom", feeds.author_feed, name="author-feed"),
    path("feeds/institutions/<str:public_id>.atom", feeds.institution_feed, name="institution-feed"),
    path("feeds/venues/<str:public_id>.atom", feeds.venue_feed, name="venue-feed"),
    path("feeds/categories/<str:code>.atom", feeds.category_feed, name="category-feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemaps/<slug:kind>-<int:number>.xml", sitemaps.part, name="sitemap-part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("opensearch.xml", opensearch.description, name="opensearch"),
    path("search/suggest/opensearch", opensearch.suggest, name="opensearch-suggest"),
    path("papers/<str:public_id>.md", plain_pages.paper_markdown, name="paper-markdown"),
    path("papers/<str:public_id>/linkset.json", plain_pages.paper_linkset, name="paper-linkset"),
    path("authors/<str:public_id>.md", plain_pages.author_markdown, name="author-markdown"),
    path("embed/authors/<str:public_id>/", embeds.author, name="author-embed"),
    path("embed/papers/", embeds.papers, name="papers-embed"),
    path("snapshots/", snapshot_pages.snapshot_list, name="snapshots"),
    path("snapshots/<str:name>/<path:path>", snapshot_pages.snapshot_file, name="snapshot-file"),
]
