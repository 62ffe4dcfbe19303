DROP TABLE owed_products;
DROP TABLE product_files;
DROP TABLE products;
